-- A made-up step for the tests of the machinery.
ALTER TABLE feedback ADD COLUMN crew TEXT;
CREATE INDEX feedback_by_crew ON feedback (crew, number);
