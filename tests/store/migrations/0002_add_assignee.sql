-- A made-up step for the tests of the machinery.
ALTER TABLE feedback ADD COLUMN assignee TEXT;
CREATE INDEX feedback_by_assignee ON feedback (assignee, number);
