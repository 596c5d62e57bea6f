-- name: InsertSnapshot :exec
INSERT INTO snapshot (sequence, reading, taken_at, source_at, digest, previous, user_count, addresses, bytes, kept)
VALUES (@sequence, @reading, @taken_at, @source_at, @digest, @previous, @user_count, @addresses, @bytes, TRUE);

-- name: Snapshot :one
SELECT * FROM snapshot WHERE sequence = @sequence;

-- name: LastSnapshot :one
SELECT * FROM snapshot ORDER BY sequence DESC LIMIT 1;

-- name: SnapshotUntil :one
SELECT * FROM snapshot WHERE taken_at < @before ORDER BY taken_at DESC, sequence DESC LIMIT 1;

-- name: Snapshots :many
SELECT * FROM snapshot WHERE sequence < @before ORDER BY sequence DESC LIMIT @at_most;

-- name: SnapshotsTooOld :many
SELECT * FROM snapshot WHERE kept AND taken_at < @before AND sequence < @last ORDER BY sequence LIMIT @at_most;

-- name: ForgetSnapshot :exec
UPDATE snapshot SET kept = FALSE WHERE sequence = @sequence;

-- name: ForgetAllSnapshots :exec
DELETE FROM snapshot;

-- name: ForgetGivenSequences :exec
UPDATE reading SET snapshot = 0 WHERE snapshot > 0;
