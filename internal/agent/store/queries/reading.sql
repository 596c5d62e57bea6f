-- name: InsertReading :exec
INSERT INTO reading (number, state, actor, source, started_at) VALUES (@number, 'staging', @actor, @source, @started_at);

-- name: UpdateReading :execrows
UPDATE reading SET state = @state, ended_at = @ended_at, source_at = @source_at, source_bytes = @source_bytes,
       source_digest = @source_digest, snapshot = @snapshot, document = @document
WHERE number = @number;

-- name: SetReadingState :exec
UPDATE reading SET state = @state WHERE number = @number;

-- name: Reading :one
SELECT * FROM reading WHERE number = @number;

-- name: Readings :many
SELECT * FROM reading WHERE number < @before ORDER BY number DESC LIMIT @at_most;

-- name: ReadingsInState :many
SELECT * FROM reading WHERE state = @state ORDER BY number;

-- name: ForgetReadings :exec
DELETE FROM reading WHERE ended_at > 0 AND ended_at < @before AND state IN ('replaced', 'unchanged', 'refused', 'discarded');
