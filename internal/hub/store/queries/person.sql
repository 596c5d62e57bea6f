-- name: PeopleInOrder :many
SELECT person_id, sort_key, document FROM person
WHERE enterprise = @enterprise AND sort_key >= @sort_key AND (sort_key > @sort_key OR person_id > @person_id)
    AND from_result <= @result AND to_result > @result
ORDER BY sort_key, person_id LIMIT @page;

-- name: Person :one
SELECT enterprise, person_id, from_result, to_result, sort_key, search, deployment, license, consumes, accounts,
    organizations, roles, document
FROM person WHERE enterprise = @enterprise AND person_id = @person_id AND from_result <= @result AND to_result > @result
ORDER BY from_result DESC LIMIT 1;

-- name: PersonBehind :one
SELECT person_id FROM person WHERE enterprise = @enterprise AND person_id > @after ORDER BY person_id LIMIT 1 OFFSET @rows;

-- name: RemovePeople :exec
DELETE FROM person WHERE enterprise = @enterprise AND person_id > @after AND person_id <= @upto AND from_result > @result;

-- name: ReopenPeople :execrows
UPDATE person SET to_result = 9223372036854775807
WHERE person.enterprise = @enterprise AND (person.person_id, person.from_result) IN
    (SELECT p.person_id, p.from_result FROM person p
     WHERE p.enterprise = @enterprise AND p.to_result > @result AND p.to_result < 9223372036854775807 LIMIT @page);

-- name: ForgetPeople :execrows
DELETE FROM person
WHERE person.enterprise = @enterprise AND (person.person_id, person.from_result) IN
    (SELECT p.person_id, p.from_result FROM person p
     WHERE p.enterprise = @enterprise AND p.to_result <= @result AND p.to_result < 9223372036854775807 LIMIT @page);

-- name: Block :one
SELECT ids FROM person_block
WHERE enterprise = @enterprise AND list = @list AND block = @block AND from_result <= @result AND to_result > @result
ORDER BY from_result DESC LIMIT 1;

-- name: BlockCount :one
SELECT count(*) FROM person_block
WHERE enterprise = @enterprise AND list = @list AND from_result <= @result AND to_result > @result;

-- name: AddBlock :exec
INSERT INTO person_block (enterprise, list, block, from_result, to_result, ids)
VALUES (@enterprise, @list, @block, @result, 9223372036854775807, @ids);

-- name: CloseBlock :exec
UPDATE person_block SET to_result = @result
WHERE enterprise = @enterprise AND list = @list AND block = @block AND from_result < @result AND to_result = 9223372036854775807;

-- name: RemoveBlocks :exec
DELETE FROM person_block WHERE enterprise = @enterprise AND from_result > @result;

-- name: ReopenBlocks :exec
UPDATE person_block SET to_result = 9223372036854775807
WHERE enterprise = @enterprise AND to_result > @result AND to_result < 9223372036854775807;

-- name: ForgetBlocks :exec
DELETE FROM person_block WHERE enterprise = @enterprise AND to_result <= @result;
