-- name: RemovedSources :many
SELECT enterprise, number, state, server_id, host_name, host_key, public_key, signed, seq, sequence, digest,
    created_at, age_days
FROM source WHERE enterprise = @enterprise AND state = 'removed' AND seq > 0 ORDER BY number;

-- name: LastArrivals :many
SELECT u.enterprise, u.id, u.source, u.seq, u.kind, u.state, u.ending, u.file_name, u.header, u.error_key, u.error_args, u.reason,
    u.actor, u.preview_result, u.created_at, u.updated_at, u.applied_version
FROM source s JOIN upload u ON u.enterprise = s.enterprise AND u.id = (
    SELECT l.id FROM upload l WHERE l.enterprise = @enterprise AND l.source = s.number AND l.kind IN ('usage', 'csv', 'cloud')
    ORDER BY l.created_at DESC, l.id DESC LIMIT 1)
WHERE s.enterprise = @enterprise AND s.state <> 'removed';

-- name: PendingUploads :many
SELECT enterprise, id, source, seq, kind, state, ending, file_name, header, error_key, error_args, reason, actor,
    preview_result, created_at, updated_at, applied_version
FROM upload WHERE enterprise = @enterprise AND state IN ('checking', 'held', 'preview', 'removing');

-- name: CountingSnapshots :many
SELECT n.enterprise, n.source, n.seq, n.upload, n.sequence, n.digest, n.source_at, n.taken_at, n.staged_at, n.applied_at, n.items,
    n.kept, n.meta
FROM source s JOIN snapshot n ON n.enterprise = s.enterprise AND n.source = s.number AND n.seq = s.seq
WHERE s.enterprise = @enterprise AND s.state <> 'removed';

-- name: CountingUploads :many
SELECT u.enterprise, u.id, u.source, u.seq, u.kind, u.state, u.ending, u.file_name, u.header, u.error_key, u.error_args, u.reason,
    u.actor, u.preview_result, u.created_at, u.updated_at, u.applied_version
FROM source s JOIN snapshot n ON n.enterprise = s.enterprise AND n.source = s.number AND n.seq = s.seq
    JOIN upload u ON u.enterprise = n.enterprise AND u.id = n.upload
WHERE s.enterprise = @enterprise AND s.state <> 'removed';
