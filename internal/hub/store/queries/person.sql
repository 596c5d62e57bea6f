-- name: PeopleInOrder :many
SELECT number, person_id, sort_key, document FROM person
WHERE enterprise = @enterprise AND sort_key >= @sort_key AND (sort_key > @sort_key OR person_id > @person_id)
    AND from_result <= @result AND to_result > @result
ORDER BY sort_key, person_id LIMIT @page;

-- name: PersonByNumber :one
SELECT person_id, document FROM person
WHERE enterprise = @enterprise AND number = @number AND from_result <= @result AND to_result > @result
ORDER BY from_result DESC LIMIT 1;

-- name: SortKey :one
SELECT sort_key FROM person
WHERE enterprise = @enterprise AND number = @number AND from_result <= @result AND to_result > @result
ORDER BY from_result DESC LIMIT 1;

-- name: PeopleOf :one
SELECT people FROM result WHERE enterprise = @enterprise AND id = @id;

-- name: NewPeople :many
SELECT number FROM person WHERE enterprise = @enterprise AND number >= @first ORDER BY number LIMIT @page;

-- name: ClosedPeople :many
SELECT number FROM person
WHERE enterprise = @enterprise AND to_result > @result AND to_result < 9223372036854775807 LIMIT @page;

-- name: EndedPeople :many
SELECT number FROM person
WHERE enterprise = @enterprise AND to_result <= @result AND to_result < 9223372036854775807 LIMIT @page;

-- name: Block :one
SELECT people FROM person_block
WHERE enterprise = @enterprise AND list = @list AND block = @block AND from_result <= @result AND to_result > @result
ORDER BY from_result DESC LIMIT 1;

-- name: BlockEnd :one
SELECT CAST(coalesce(max(block) + 1, 0) AS BIGINT) FROM person_block
WHERE enterprise = @enterprise AND list = @list AND from_result <= @result AND to_result > @result;

-- name: AddBlock :exec
INSERT INTO person_block (enterprise, list, block, from_result, to_result, people)
VALUES (@enterprise, @list, @block, @result, 9223372036854775807, @people);

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
