-- name: Pin :one
SELECT result, pinned_at, expires_at FROM pin
WHERE enterprise = @enterprise AND walker = @walker AND page_size = @page_size;

-- name: SetPin :exec
INSERT INTO pin (enterprise, walker, page_size, result, pinned_at, expires_at)
VALUES (@enterprise, @walker, @page_size, @result, @pinned_at, @expires_at)
ON CONFLICT (enterprise, walker, page_size) DO UPDATE
SET result = excluded.result, pinned_at = excluded.pinned_at, expires_at = excluded.expires_at;

-- name: RemovePins :exec
DELETE FROM pin WHERE enterprise = @enterprise AND expires_at < @before;
