-- The list of who looked, printed for the person (requirement L07), is on the log as printed.

INSERT INTO public.audit_event_type (type, action) VALUES ('person.looks-printed', 'print');
