CREATE TRIGGER assignee_is_a_name AFTER UPDATE OF assignee ON feedback WHEN new.assignee = '' BEGIN
    SELECT raise(ABORT, 'empty');
END;
