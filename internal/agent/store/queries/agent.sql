-- name: Agent :one
SELECT * FROM agent WHERE id = 1;

-- name: InsertAgent :exec
INSERT INTO agent (id, server_id, place, created_at) VALUES (1, @server_id, @place, @created_at);

-- name: SetSeats :exec
UPDATE agent SET seats = @seats WHERE id = 1;

-- name: SetPlace :exec
UPDATE agent SET server_id = @server_id, place = @place WHERE id = 1;

-- name: SetPointers :exec
UPDATE agent SET counts = @counts, held = @held WHERE id = 1;

-- name: TakeReadingNumber :one
UPDATE agent SET next_reading = next_reading + 1 WHERE id = 1 RETURNING CAST(next_reading - 1 AS BIGINT) AS number;

-- name: Enrolments :many
SELECT * FROM enrolment ORDER BY number DESC LIMIT @at_most;

-- name: EnrolmentInForce :one
SELECT * FROM enrolment WHERE ended_at = 0 ORDER BY number DESC LIMIT 1;

-- name: EndEnrolments :exec
UPDATE enrolment SET ended_at = @ended_at WHERE ended_at = 0;

-- name: InsertEnrolment :exec
INSERT INTO enrolment (number, document, applied_at, applied_by)
SELECT COALESCE(MAX(number), 0) + 1, CAST(@document AS TEXT), CAST(@applied_at AS BIGINT), CAST(@applied_by AS TEXT) FROM enrolment;

-- name: Exports :many
SELECT * FROM export WHERE number < @before ORDER BY number DESC LIMIT @at_most;

-- name: InsertExport :exec
INSERT INTO export (number, sequence, made_at, actor, sealed, audience, note, bytes)
SELECT COALESCE(MAX(number), 0) + 1, CAST(@sequence AS BIGINT), CAST(@made_at AS BIGINT), CAST(@actor AS TEXT), CAST(@sealed AS BOOLEAN),
       CAST(@audience AS TEXT), CAST(@note AS TEXT), CAST(@bytes AS BIGINT) FROM export;

-- name: HighestSnapshot :one
SELECT CAST(COALESCE(MAX(sequence), 0) AS BIGINT) AS sequence FROM snapshot;

-- name: HighestGiven :one
SELECT CAST(COALESCE(MAX(snapshot), 0) AS BIGINT) AS sequence FROM reading;
