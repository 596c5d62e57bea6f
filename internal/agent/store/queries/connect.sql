-- name: Connection :one
SELECT * FROM connection WHERE id = 1;

-- name: PutConnection :exec
INSERT INTO connection (id, state, hub, document) VALUES (1, @state, @hub, @document)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, hub = excluded.hub, document = excluded.document;

-- name: InsertRun :one
INSERT INTO sync_run (number, cause, state, actor, asked_at, due_at, document)
SELECT COALESCE(MAX(number), 0) + 1, CAST(@cause AS TEXT), 'waiting', CAST(@actor AS TEXT), CAST(@asked_at AS BIGINT), CAST(@due_at AS BIGINT),
       CAST(@document AS TEXT) FROM sync_run
RETURNING number;

-- name: UpdateRun :execrows
UPDATE sync_run SET state = @state, due_at = @due_at, started_at = @started_at, ended_at = @ended_at, attempt = @attempt,
       sequence = @sequence, document = @document
WHERE number = @number;

-- name: Run :one
SELECT * FROM sync_run WHERE number = @number;

-- name: Runs :many
SELECT * FROM sync_run WHERE number < @before ORDER BY number DESC LIMIT @at_most;

-- name: OpenRun :one
SELECT * FROM sync_run WHERE state IN ('waiting', 'running', 'checking', 'retrying') ORDER BY number LIMIT 1;

-- name: LastRunIn :one
SELECT * FROM sync_run WHERE state = @state ORDER BY number DESC LIMIT 1;

-- name: ForgetRuns :exec
DELETE FROM sync_run WHERE ended_at > 0 AND ended_at < @before AND number < @last;
