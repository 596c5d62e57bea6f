-- name: AddPairing :exec
INSERT INTO pairing (id, device_hash, user_code, statement_id, state, server_id, host_name, http_only, version,
    instance_key, connection_key, created_at, expires_at, pause)
VALUES (@id, @device_hash, @user_code, @statement_id, 'open', @server_id, @host_name, @http_only, @version,
    @instance_key, @connection_key, @created_at, @expires_at, @pause);

-- name: PairingByDevice :one
SELECT id, device_hash, user_code, statement_id, state, server_id, host_name, http_only, version, instance_key,
    connection_key, created_at, expires_at, polled_at, pause, enterprise, connection
FROM pairing WHERE device_hash = @device_hash;

-- name: PairingByCode :one
SELECT id, device_hash, user_code, statement_id, state, server_id, host_name, http_only, version, instance_key,
    connection_key, created_at, expires_at, polled_at, pause, enterprise, connection
FROM pairing WHERE user_code = @user_code AND state = 'open' AND expires_at > @now;

-- name: StatementUsed :one
SELECT count(*) FROM pairing WHERE statement_id = @statement_id;

-- name: CountPairings :one
SELECT count(*) FROM pairing;

-- name: PairingPolled :exec
UPDATE pairing SET polled_at = @polled_at, pause = @pause WHERE id = @id;

-- name: DecidePairing :execrows
UPDATE pairing SET state = @state, enterprise = @enterprise, connection = @connection
WHERE id = @id AND state = 'open' AND expires_at > @now;

-- name: RemovePairings :exec
DELETE FROM pairing WHERE expires_at <= @before;

-- name: AddConnection :exec
INSERT INTO connection (enterprise, id, source, state, public_key, next_key, any_lease, created_at, created_by)
VALUES (@enterprise, @id, @source, 'active', @public_key, @next_key, TRUE, @created_at, @created_by);

-- name: ConnectionByID :one
SELECT enterprise, id, source, state, public_key, next_key, next_until, lease, attempt, any_lease, created_at, created_by,
    token_at, asked_at, trouble, trouble_at, record, record_at, ended_at, ended_by
FROM connection WHERE id = @id;

-- name: Connection :one
SELECT enterprise, id, source, state, public_key, next_key, next_until, lease, attempt, any_lease, created_at, created_by,
    token_at, asked_at, trouble, trouble_at, record, record_at, ended_at, ended_by
FROM connection WHERE enterprise = @enterprise AND id = @id;

-- name: ConnectionOf :one
SELECT enterprise, id, source, state, public_key, next_key, next_until, lease, attempt, any_lease, created_at, created_by,
    token_at, asked_at, trouble, trouble_at, record, record_at, ended_at, ended_by
FROM connection WHERE enterprise = @enterprise AND source = @source AND state = 'active';

-- name: Connections :many
SELECT enterprise, id, source, state, public_key, next_key, next_until, lease, attempt, any_lease, created_at, created_by,
    token_at, asked_at, trouble, trouble_at, record, record_at, ended_at, ended_by
FROM connection WHERE enterprise = @enterprise ORDER BY source, created_at, id;

-- name: SetLease :exec
UPDATE connection SET lease = @lease, attempt = @attempt, any_lease = FALSE, token_at = @token_at,
    public_key = @public_key, next_key = @next_key, next_until = @next_until
WHERE enterprise = @enterprise AND id = @id;

-- name: ConnectionAsked :exec
UPDATE connection SET asked_at = @asked_at WHERE enterprise = @enterprise AND id = @id;

-- name: ConnectionTrouble :exec
UPDATE connection SET trouble = @trouble, trouble_at = @trouble_at WHERE enterprise = @enterprise AND id = @id;

-- name: SetNextKey :exec
UPDATE connection SET next_key = @next_key, next_until = @next_until WHERE enterprise = @enterprise AND id = @id;

-- name: SetRecord :exec
UPDATE connection SET record = @record, record_at = @record_at WHERE enterprise = @enterprise AND id = @id;

-- name: AcceptAnyLease :execrows
UPDATE connection SET any_lease = TRUE WHERE enterprise = @enterprise AND state = 'active';

-- name: EndConnection :execrows
UPDATE connection SET state = 'ended', ended_at = @ended_at, ended_by = @ended_by, lease = '', attempt = '', any_lease = FALSE
WHERE enterprise = @enterprise AND id = @id AND state = 'active';

-- name: RemoveConnections :exec
DELETE FROM connection WHERE enterprise = @enterprise AND state = 'ended' AND ended_at <= @before;

-- name: AddConnectToken :exec
INSERT INTO connect_token (enterprise, connection, hash, expires_at) VALUES (@enterprise, @connection, @hash, @expires_at);

-- name: ConnectTokenByHash :one
SELECT enterprise, connection, hash, expires_at FROM connect_token WHERE hash = @hash;

-- name: RemoveConnectTokens :exec
DELETE FROM connect_token WHERE enterprise = @enterprise AND connection = @connection AND expires_at <= @before;

-- name: RemoveOldTokens :exec
DELETE FROM connect_token WHERE enterprise = @enterprise AND expires_at <= @before;

-- name: UseAssertion :execrows
INSERT INTO connect_assertion (enterprise, connection, id, expires_at) VALUES (@enterprise, @connection, @id, @expires_at)
ON CONFLICT (enterprise, connection, id) DO NOTHING;

-- name: RemoveAssertions :exec
DELETE FROM connect_assertion WHERE enterprise = @enterprise AND expires_at <= @before;

-- name: AddSyncRequest :exec
INSERT INTO sync_request (enterprise, id, source, connection, state, actor, created_at, updated_at)
VALUES (@enterprise, @id, @source, @connection, 'open', @actor, @created_at, @created_at);

-- name: OpenSyncRequest :one
SELECT enterprise, id, source, connection, state, actor, created_at, updated_at, upload, error_key, error_args
FROM sync_request WHERE enterprise = @enterprise AND source = @source AND state = 'open';

-- name: CountOpenSyncRequests :one
SELECT COUNT(*) FROM sync_request WHERE enterprise = @enterprise AND state = 'open';

-- name: SyncRequest :one
SELECT enterprise, id, source, connection, state, actor, created_at, updated_at, upload, error_key, error_args
FROM sync_request WHERE enterprise = @enterprise AND id = @id;

-- name: LastSyncRequest :one
SELECT enterprise, id, source, connection, state, actor, created_at, updated_at, upload, error_key, error_args
FROM sync_request WHERE enterprise = @enterprise AND source = @source ORDER BY created_at DESC, id DESC LIMIT 1;

-- name: EndSyncRequest :execrows
UPDATE sync_request SET state = @state, updated_at = @updated_at, upload = @upload, error_key = @error_key, error_args = @error_args
WHERE enterprise = @enterprise AND id = @id AND state = 'open';

-- name: LapseSyncRequests :exec
UPDATE sync_request SET state = 'lapsed', updated_at = @updated_at
WHERE enterprise = @enterprise AND state = 'open' AND created_at <= @before;

-- name: RemoveSyncRequests :exec
DELETE FROM sync_request WHERE enterprise = @enterprise AND state <> 'open' AND created_at <= @before;
