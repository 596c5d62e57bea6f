-- name: AddSnapshot :exec
INSERT INTO snapshot (enterprise, source, seq, upload, sequence, digest, source_at, taken_at, staged_at, applied_at, items, kept, meta)
VALUES (@enterprise, @source, @seq, @upload, @sequence, @digest, @source_at, @taken_at, @staged_at, 0, @items, TRUE, @meta);

-- name: Snapshot :one
SELECT enterprise, source, seq, upload, sequence, digest, source_at, taken_at, staged_at, applied_at, items, kept,
    meta
FROM snapshot WHERE enterprise = @enterprise AND source = @source AND seq = @seq;

-- name: Snapshots :many
SELECT enterprise, source, seq, upload, sequence, digest, source_at, taken_at, staged_at, applied_at, items, kept,
    meta
FROM snapshot WHERE enterprise = @enterprise AND source = @source AND applied_at > 0 ORDER BY seq DESC LIMIT @page;

-- name: ApplySnapshot :exec
UPDATE snapshot SET applied_at = @applied_at WHERE enterprise = @enterprise AND source = @source AND seq = @seq;

-- name: RemoveSnapshot :exec
DELETE FROM snapshot WHERE enterprise = @enterprise AND source = @source AND seq = @seq AND applied_at = 0;

-- name: KeepSnapshotsFrom :exec
UPDATE snapshot SET kept = FALSE
WHERE enterprise = @enterprise AND source = @source AND seq < @seq AND kept AND applied_at > 0;

-- name: SetSnapshotMeta :exec
UPDATE snapshot SET meta = @meta WHERE enterprise = @enterprise AND source = @source AND seq = @seq AND applied_at = 0;

-- name: OrphanSnapshots :many
SELECT source, seq FROM snapshot s WHERE s.enterprise = @enterprise AND s.applied_at = 0 AND NOT EXISTS (
    SELECT 1 FROM upload u WHERE u.enterprise = @enterprise AND u.source = s.source AND u.seq = s.seq
        AND u.state IN ('checking', 'held', 'preview', 'removing'))
ORDER BY s.source, s.seq;
