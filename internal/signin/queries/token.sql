-- name: AddToken :exec
INSERT INTO api_token (enterprise, id, name, scopes, instance, hash, created_by, created_at, expires_at, maker)
VALUES (@enterprise, @id, @name, @scopes, @instance, @hash, @created_by, @created_at, @expires_at, @maker);

-- name: TokenByHash :one
SELECT enterprise, id, name, scopes, instance, hash, created_by, created_at, expires_at, last_used_at, revoked_at, maker
FROM api_token WHERE hash = @hash;

-- name: Token :one
SELECT enterprise, id, name, scopes, instance, hash, created_by, created_at, expires_at, last_used_at, revoked_at, maker
FROM api_token WHERE enterprise = @enterprise AND id = @id;

-- name: Tokens :many
SELECT enterprise, id, name, scopes, instance, hash, created_by, created_at, expires_at, last_used_at, revoked_at, maker
FROM api_token WHERE enterprise = @enterprise ORDER BY created_at DESC, id LIMIT @page;

-- name: TokensNamed :one
SELECT COUNT(*) FROM api_token WHERE enterprise = @enterprise AND name = @name AND revoked_at = 0;

-- name: CountTokens :one
SELECT COUNT(*) FROM api_token WHERE enterprise = @enterprise;

-- name: DeadToken :one
SELECT id FROM api_token
WHERE enterprise = @enterprise AND (revoked_at > 0 OR (expires_at > 0 AND expires_at <= @now))
ORDER BY created_at, id LIMIT 1;

-- name: DeleteToken :exec
DELETE FROM api_token WHERE enterprise = @enterprise AND id = @id;

-- name: RevokeToken :execrows
UPDATE api_token SET revoked_at = @now WHERE enterprise = @enterprise AND id = @id AND revoked_at = 0;

-- name: UseToken :exec
UPDATE api_token SET last_used_at = @now WHERE enterprise = @enterprise AND id = @id AND last_used_at <= @before;
