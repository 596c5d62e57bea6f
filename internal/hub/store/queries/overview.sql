-- name: LastArrival :one
SELECT enterprise, id, source, seq, kind, state, ending, file_name, header, error_key, error_args, reason, actor,
    preview_result, created_at, updated_at, applied_version
FROM upload WHERE enterprise = @enterprise AND source = @source AND kind IN ('usage', 'csv', 'cloud')
ORDER BY created_at DESC, id DESC LIMIT 1;

-- name: RemovedSources :many
SELECT enterprise, number, state, server_id, host_name, host_key, public_key, signed, seq, sequence, digest,
    created_at, age_days
FROM source WHERE enterprise = @enterprise AND state = 'removed' AND seq > 0 ORDER BY number;
