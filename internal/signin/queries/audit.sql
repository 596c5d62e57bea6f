-- name: TakeNumber :one
INSERT INTO audit_chain (enterprise, base_number, base_hash, last_number, last_hash) VALUES (@enterprise, 0, '', 1, '')
ON CONFLICT (enterprise) DO UPDATE SET last_number = audit_chain.last_number + 1
RETURNING last_number, last_hash;

-- name: SetLastHash :exec
UPDATE audit_chain SET last_hash = @hash WHERE enterprise = @enterprise;

-- name: AddEntry :exec
INSERT INTO audit_entry (enterprise, number, at, actor, action, target, details, hash)
VALUES (@enterprise, @number, @at, @actor, @action, @target, @details, @hash);

-- name: Chain :one
SELECT enterprise, base_number, base_hash, last_number, last_hash FROM audit_chain WHERE enterprise = @enterprise;

-- name: EntriesAfter :many
SELECT enterprise, number, at, actor, action, target, details, hash
FROM audit_entry WHERE enterprise = @enterprise AND number > @after ORDER BY number LIMIT @page;

-- name: EntriesBefore :many
SELECT enterprise, number, at, actor, action, target, details, hash FROM audit_entry
WHERE enterprise = @enterprise AND number < @before
    AND (CAST(@action AS TEXT) = '' OR action = @action)
    AND (CAST(@actor AS TEXT) = '' OR actor = @actor)
    AND (CAST(@target AS TEXT) = '' OR target = @target)
    AND (CAST(@about AS TEXT) = '' OR lower(actor) LIKE @about ESCAPE '\' OR lower(target) LIKE @about ESCAPE '\')
    AND at >= @since AND at < @until
ORDER BY number DESC LIMIT @page;

-- name: FirstEntrySince :one
SELECT CAST(COALESCE(MIN(number), 0) AS BIGINT) FROM audit_entry WHERE enterprise = @enterprise AND number <= @last AND at >= @since;

-- name: HashOf :one
SELECT hash FROM audit_entry WHERE enterprise = @enterprise AND number = @number;

-- name: DeleteEntries :exec
DELETE FROM audit_entry WHERE enterprise = @enterprise AND number <= @last;

-- name: SetBase :exec
UPDATE audit_chain SET base_number = @number, base_hash = @hash WHERE enterprise = @enterprise;
