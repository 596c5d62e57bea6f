-- name: PeopleInOrder :many
SELECT number, person_id, sort_key, document FROM person
WHERE enterprise = @enterprise AND sort_key >= @sort_key AND (sort_key > @sort_key OR person_id > @person_id)
    AND from_result <= @result AND to_result > @result
ORDER BY sort_key, person_id LIMIT @page;

-- name: PersonByNumber :one
SELECT person_id, document FROM person
WHERE enterprise = @enterprise AND number = @number AND from_result <= @result AND to_result > @result
ORDER BY from_result DESC LIMIT 1;

-- name: Person :one
SELECT number, document FROM person
WHERE person.enterprise = @enterprise AND person.number IN
    (SELECT n.number FROM person_number n WHERE n.enterprise = @enterprise AND n.person_id = @person_id)
    AND person.from_result <= @result AND person.to_result > @result;

-- name: NewPeople :many
SELECT number, person_id FROM person WHERE enterprise = @enterprise AND number >= @first ORDER BY number LIMIT @page;

-- name: ClosedPeople :many
SELECT number, person_id FROM person
WHERE enterprise = @enterprise AND to_result > @result AND to_result < 9223372036854775807 LIMIT @page;

-- name: EndedPeople :many
SELECT number, person_id FROM person
WHERE enterprise = @enterprise AND to_result <= @result AND to_result < 9223372036854775807 LIMIT @page;

-- name: Block :one
SELECT numbers FROM person_block
WHERE enterprise = @enterprise AND list = @list AND block = @block AND from_result <= @result AND to_result > @result
ORDER BY from_result DESC LIMIT 1;

-- name: BlockCount :one
SELECT count(*) FROM person_block
WHERE enterprise = @enterprise AND list = @list AND from_result <= @result AND to_result > @result;

-- name: AddBlock :exec
INSERT INTO person_block (enterprise, list, block, from_result, to_result, numbers)
VALUES (@enterprise, @list, @block, @result, 9223372036854775807, @numbers);

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
