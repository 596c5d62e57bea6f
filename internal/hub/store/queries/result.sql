-- name: AddResult :exec
INSERT INTO result (enterprise, id, kind, input_version, upload, created_at, people, licenses, changes, document)
VALUES (@enterprise, @id, @kind, @input_version, @upload, @created_at, @people, @licenses, @changes, @document);

-- name: PublishPreview :execrows
UPDATE result SET kind = 'current', input_version = @input_version, created_at = @created_at, document = @document
WHERE enterprise = @enterprise AND id = @id AND kind = 'preview';

-- name: Result :one
SELECT enterprise, id, kind, input_version, upload, created_at, people, licenses, changes, document
FROM result WHERE enterprise = @enterprise AND id = @id;

-- name: ResultTime :one
SELECT created_at FROM result WHERE enterprise = @enterprise AND id = @id;

-- name: Results :many
SELECT enterprise, id, kind, input_version, upload, created_at, people, licenses, changes, document
FROM result WHERE enterprise = @enterprise AND kind = 'current' AND id < @before ORDER BY id DESC LIMIT @page;

-- name: RemoveResult :exec
DELETE FROM result WHERE enterprise = @enterprise AND id = @id AND kind = 'preview';

-- name: Changes :many
SELECT n, kind, people, licenses FROM change WHERE enterprise = @enterprise AND result = @result AND n > @after ORDER BY n LIMIT @page;

-- name: RemoveChanges :exec
DELETE FROM change WHERE enterprise = @enterprise AND result = @result;

-- name: ResultBefore :one
SELECT id FROM result WHERE enterprise = @enterprise AND kind = 'current' AND input_version < @version ORDER BY id DESC LIMIT 1;
