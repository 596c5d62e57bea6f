-- name: AddEnterprise :exec
INSERT INTO enterprise (id, slug, name, settings, salt, created_at)
VALUES (@enterprise, @slug, @name, @settings, @salt, @created_at);

-- name: LastEnterprise :one
SELECT CAST(coalesce(max(id), 0) AS BIGINT) FROM enterprise;

-- name: EnterpriseBySlug :one
SELECT id, slug, name, settings, created_at FROM enterprise WHERE slug = @slug;

-- name: Enterprises :many
SELECT id, slug, name, settings, created_at FROM enterprise ORDER BY slug;

-- name: OneEnterprise :one
SELECT id, slug, name, settings, salt, input_version, next_seq, next_source, next_result, current_result,
    staging_result, created_at, recount_due, recount_waits
FROM enterprise WHERE id = @enterprise;

-- name: ChangeSettings :exec
UPDATE enterprise SET name = @name, settings = @settings, input_version = input_version + 1 WHERE id = @enterprise;

-- name: BumpInput :exec
UPDATE enterprise SET input_version = input_version + 1 WHERE id = @enterprise;

-- name: TakeSeq :one
UPDATE enterprise SET next_seq = next_seq + 1 WHERE id = @enterprise RETURNING CAST(next_seq - 1 AS BIGINT);

-- name: TakeSource :one
UPDATE enterprise SET next_source = next_source + 1 WHERE id = @enterprise RETURNING CAST(next_source - 1 AS BIGINT);

-- name: TakeResult :one
UPDATE enterprise SET next_result = next_result + 1 WHERE id = @enterprise RETURNING CAST(next_result - 1 AS BIGINT);

-- name: SetStagingResult :exec
UPDATE enterprise SET staging_result = @result WHERE id = @enterprise;

-- name: PublishResult :execrows
UPDATE enterprise SET current_result = @result, staging_result = 0 WHERE id = @enterprise AND staging_result = @result;

-- name: SetRecount :exec
UPDATE enterprise SET recount_due = @due, recount_waits = @waits WHERE id = @enterprise;
