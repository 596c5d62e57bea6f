-- name: AddUpload :exec
INSERT INTO upload (enterprise, id, source, seq, kind, state, file_name, header, error_key, error_args, reason, actor, created_at, updated_at)
VALUES (@enterprise, @id, @source, @seq, @kind, @state, @file_name, @header, @error_key, @error_args, @reason, @actor, @created_at, @created_at);

-- name: Upload :one
SELECT enterprise, id, source, seq, kind, state, ending, file_name, header, error_key, error_args, reason, actor,
    preview_result, created_at, updated_at, applied_version
FROM upload WHERE enterprise = @enterprise AND id = @id;

-- name: Uploads :many
SELECT enterprise, id, source, seq, kind, state, ending, file_name, header, error_key, error_args, reason, actor,
    preview_result, created_at, updated_at, applied_version
FROM upload WHERE enterprise = @enterprise AND (created_at, id) < (@before, CAST(@before_id AS TEXT))
ORDER BY created_at DESC, id DESC LIMIT @page;

-- name: PendingUpload :one
SELECT enterprise, id, source, seq, kind, state, ending, file_name, header, error_key, error_args, reason, actor,
    preview_result, created_at, updated_at, applied_version
FROM upload
WHERE enterprise = @enterprise AND source = @source AND state IN ('checking', 'held', 'preview', 'removing');

-- name: UploadsThatWait :many
SELECT enterprise, id, source, seq, kind, state, ending, file_name, header, error_key, error_args, reason, actor,
    preview_result, created_at, updated_at, applied_version
FROM upload WHERE enterprise = @enterprise AND state IN ('held', 'preview') ORDER BY id;

-- name: InterruptedUploads :many
SELECT enterprise, id, source, seq, kind, state, ending, file_name, header, error_key, error_args, reason, actor,
    preview_result, created_at, updated_at, applied_version
FROM upload WHERE enterprise = @enterprise AND state IN ('checking', 'removing') ORDER BY id;

-- name: SetUploadState :execrows
UPDATE upload SET state = @state, updated_at = @updated_at WHERE enterprise = @enterprise AND id = @id AND state = @was;

-- name: SetUploadPreview :execrows
UPDATE upload SET preview_result = @result, updated_at = @updated_at WHERE enterprise = @enterprise AND id = @id AND state = 'preview';

-- name: EndUpload :execrows
UPDATE upload SET state = 'removing', ending = @ending, error_key = @error_key, error_args = @error_args, updated_at = @updated_at
WHERE enterprise = @enterprise AND id = @id AND state IN ('checking', 'held', 'preview');

-- name: UploadRemoved :execrows
UPDATE upload SET state = ending, updated_at = @updated_at WHERE enterprise = @enterprise AND id = @id AND state = 'removing';

-- name: MoveUpload :execrows
UPDATE upload SET source = @source, seq = @seq, state = 'checking', updated_at = @updated_at
WHERE enterprise = @enterprise AND id = @id AND state = 'held';

-- name: UploadStateOf :one
SELECT state FROM upload WHERE enterprise = @enterprise AND id = @id;

-- name: ForgetUploads :execrows
DELETE FROM upload WHERE upload.enterprise = @enterprise AND upload.id IN
    (SELECT u.id FROM upload u
     WHERE u.enterprise = @enterprise AND u.created_at < @before AND u.updated_at < @before
        AND u.state IN ('refused', 'discarded', 'superseded') LIMIT @page);

-- name: SetAppliedVersion :exec
UPDATE upload SET applied_version = (SELECT input_version FROM enterprise WHERE enterprise.id = @enterprise)
WHERE upload.enterprise = @enterprise AND upload.id = @id;

-- name: CurrentVersion :one
SELECT id, input_version FROM result
WHERE result.enterprise = @enterprise AND result.id = (SELECT current_result FROM enterprise WHERE enterprise.id = @enterprise);
