-- name: ContractLines :many
SELECT enterprise, id, from_day, until_day, seats, license, note, created_at, created_by, changed_at, changed_by,
    removed_at, removed_by
FROM contract_line WHERE enterprise = @enterprise ORDER BY from_day DESC, id DESC;

-- name: LastContractLine :one
SELECT CAST(coalesce(max(id), 0) AS BIGINT) FROM contract_line WHERE enterprise = @enterprise;

-- name: AddContractLine :exec
INSERT INTO contract_line (enterprise, id, from_day, until_day, seats, license, note, created_at, created_by, changed_at, changed_by)
VALUES (@enterprise, @id, @from_day, @until_day, @seats, @license, @note, @created_at, @created_by, @created_at, @created_by);

-- name: ChangeContractLine :execrows
UPDATE contract_line SET from_day = @from_day, until_day = @until_day, seats = @seats, license = @license, note = @note,
    changed_at = @changed_at, changed_by = @changed_by
WHERE enterprise = @enterprise AND id = @id AND removed_at = 0;

-- name: RemoveContractLine :execrows
UPDATE contract_line SET removed_at = @removed_at, removed_by = @removed_by
WHERE enterprise = @enterprise AND id = @id AND removed_at = 0;
