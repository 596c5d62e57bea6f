-- name: AddOwner :exec
INSERT INTO owner (enterprise, id, name, email, role, created_by, created_at, link_hash, link_expires_at)
VALUES (@enterprise, @id, @name, @email, @role, @created_by, @created_at, @link_hash, @link_expires_at);

-- name: Owner :one
SELECT enterprise, id, name, email, role, created_by, created_at, joined_at, link_hash, link_expires_at, seen_at
FROM owner WHERE enterprise = @enterprise AND id = @id;

-- name: OwnerByLink :one
SELECT enterprise, id, name, email, role, created_by, created_at, joined_at, link_hash, link_expires_at, seen_at
FROM owner WHERE link_hash = @link_hash;

-- name: Owners :many
SELECT enterprise, id, name, email, role, created_by, created_at, joined_at, link_hash, link_expires_at, seen_at
FROM owner WHERE enterprise = @enterprise ORDER BY name LIMIT @page;

-- name: OwnersNamed :one
SELECT COUNT(*) FROM owner WHERE enterprise = @enterprise AND name = @name;

-- name: CountOwners :one
SELECT COUNT(*) FROM owner WHERE enterprise = @enterprise;

-- name: SetLink :exec
UPDATE owner SET link_hash = @link_hash, link_expires_at = @link_expires_at WHERE enterprise = @enterprise AND id = @id;

-- name: TakeLink :execrows
UPDATE owner SET link_hash = NULL, joined_at = CASE WHEN joined_at = 0 THEN @now ELSE joined_at END
WHERE enterprise = @enterprise AND id = @id AND link_hash = @link_hash AND link_expires_at > @now;

-- name: DeleteOwner :exec
DELETE FROM owner WHERE enterprise = @enterprise AND id = @id;

-- name: JoinOwner :exec
UPDATE owner SET joined_at = @now WHERE enterprise = @enterprise AND id = @id AND joined_at = 0;

-- name: SeeOwner :exec
UPDATE owner SET seen_at = @now WHERE enterprise = @enterprise AND id = @id AND seen_at < @now;

-- name: SetRole :exec
UPDATE owner SET role = @role WHERE enterprise = @enterprise AND id = @id;

-- name: OtherOwnersJoined :one
SELECT COUNT(*) FROM owner WHERE enterprise = @enterprise AND role = 'owner' AND joined_at > 0 AND id <> @but;

-- name: WaysOfAll :many
SELECT o.id, o.seen_at,
    (SELECT COUNT(*) FROM credential c WHERE c.enterprise = @enterprise AND c.owner = o.id AND c.password <> '') AS passwords,
    (SELECT COUNT(*) FROM recovery_code r WHERE r.enterprise = @enterprise AND r.owner = o.id) AS codes,
    (SELECT COUNT(*) FROM owner_identity i WHERE i.enterprise = @enterprise AND i.owner = o.id) AS identities
FROM owner o WHERE o.enterprise = @enterprise ORDER BY o.id LIMIT @page;
