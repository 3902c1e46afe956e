CREATE TRIGGER crew_is_a_name AFTER UPDATE OF crew ON feedback WHEN new.crew = '' BEGIN
    SELECT raise(ABORT, 'empty');
END;
