-- name: Identity :one
SELECT enterprise, issuer, subject, owner, linked_at
FROM owner_identity WHERE enterprise = @enterprise AND issuer = @issuer AND subject = @subject;

-- name: IdentityOf :one
SELECT enterprise, issuer, subject, owner, linked_at
FROM owner_identity WHERE enterprise = @enterprise AND owner = @owner AND issuer = @issuer;

-- name: CountIdentities :one
SELECT COUNT(*) FROM owner_identity WHERE enterprise = @enterprise AND owner = @owner;

-- name: AddIdentity :exec
INSERT INTO owner_identity (enterprise, issuer, subject, owner, linked_at)
VALUES (@enterprise, @issuer, @subject, @owner, @now);

-- name: DeleteIdentities :execrows
DELETE FROM owner_identity WHERE enterprise = @enterprise AND owner = @owner AND issuer = @issuer;

-- name: OthersLinked :one
SELECT COUNT(*) FROM owner_identity i JOIN owner o ON o.enterprise = i.enterprise AND o.id = i.owner
WHERE i.enterprise = @enterprise AND i.issuer = @issuer AND o.role = 'owner' AND o.id <> @but;

-- name: SingleSignOn :one
SELECT break_glass FROM single_sign_on WHERE enterprise = @enterprise;

-- name: EnforceSingleSignOn :exec
INSERT INTO single_sign_on (enterprise, break_glass) VALUES (@enterprise, @break_glass)
ON CONFLICT (enterprise) DO UPDATE SET break_glass = excluded.break_glass;

-- name: ReleaseSingleSignOn :execrows
DELETE FROM single_sign_on WHERE enterprise = @enterprise;
