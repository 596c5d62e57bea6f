-- name: AddSession :exec
INSERT INTO session (enterprise, id, owner, hash, method, browser, created_at, seen_at)
VALUES (@enterprise, @id, @owner, @hash, @method, @browser, @now, @now);

-- name: SessionByHash :one
SELECT enterprise, id, owner, hash, method, browser, created_at, seen_at FROM session WHERE hash = @hash;

-- name: SessionsOf :many
SELECT enterprise, id, owner, hash, method, browser, created_at, seen_at
FROM session WHERE enterprise = @enterprise AND owner = @owner AND created_at > @created AND seen_at > @seen
ORDER BY created_at DESC, id LIMIT @page;

-- name: SeeSession :exec
UPDATE session SET seen_at = @now WHERE enterprise = @enterprise AND id = @id AND seen_at <= @before;

-- name: DeleteSession :execrows
DELETE FROM session WHERE enterprise = @enterprise AND owner = @owner AND id = @id;

-- name: DeleteSessionsOf :execrows
DELETE FROM session WHERE enterprise = @enterprise AND owner = @owner AND id <> @but;

-- name: DeleteSessionsWithPassword :execrows
DELETE FROM session WHERE enterprise = @enterprise AND owner <> @but AND method <> 'single_sign_on';

-- name: DeleteEndedSessions :exec
DELETE FROM session WHERE enterprise = @enterprise AND (created_at <= @created OR seen_at <= @seen);

-- name: SessionsOfAll :many
SELECT enterprise, id, owner, hash, method, browser, created_at, seen_at
FROM session WHERE enterprise = @enterprise AND created_at > @created AND seen_at > @seen
ORDER BY seen_at DESC, id LIMIT @page;
