ALTER TABLE feedback ADD CONSTRAINT assignee_is_a_name CHECK (assignee <> '');
