-- name: AddSource :exec
INSERT INTO source (enterprise, number, state, server_id, host_name, host_key, public_key, signed, seq, sequence, digest, created_at)
VALUES (@enterprise, @number, @state, @server_id, @host_name, @host_key, @public_key, @signed, 0, 0, '', @created_at);

-- name: Source :one
SELECT enterprise, number, state, server_id, host_name, host_key, public_key, signed, seq, sequence, digest,
    created_at, age_days
FROM source WHERE enterprise = @enterprise AND number = @number;

-- name: Sources :many
SELECT enterprise, number, state, server_id, host_name, host_key, public_key, signed, seq, sequence, digest,
    created_at, age_days
FROM source WHERE enterprise = @enterprise AND state <> 'removed' ORDER BY host_key, number;

-- name: SourceByServerID :one
SELECT enterprise, number, state, server_id, host_name, host_key, public_key, signed, seq, sequence, digest,
    created_at, age_days
FROM source WHERE enterprise = @enterprise AND server_id = @server_id AND state <> 'removed';

-- name: SourceByHost :one
SELECT enterprise, number, state, server_id, host_name, host_key, public_key, signed, seq, sequence, digest,
    created_at, age_days
FROM source WHERE enterprise = @enterprise AND host_key = @host_key AND state = 'active';

-- name: SetSourceState :exec
UPDATE source SET state = @state WHERE enterprise = @enterprise AND number = @number;

-- name: IdentifySource :exec
UPDATE source SET server_id = @server_id, host_name = @host_name, host_key = @host_key, public_key = @public_key, signed = @signed
WHERE enterprise = @enterprise AND number = @number;

-- name: MoveSource :exec
UPDATE source SET seq = @seq WHERE enterprise = @enterprise AND number = @number;

-- name: AcceptSequence :exec
UPDATE source SET sequence = @sequence, digest = @digest WHERE enterprise = @enterprise AND number = @number;

-- name: SetAgeDays :execrows
UPDATE source SET age_days = @days WHERE enterprise = @enterprise AND number = @number AND state <> 'removed';
