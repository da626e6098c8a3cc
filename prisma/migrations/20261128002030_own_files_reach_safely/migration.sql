-- How to reach somebody is copied with the rules by which that is safe, or not at all.

ALTER TABLE public.own_file ADD CONSTRAINT own_file_reaches_safely CHECK (NOT 'contact.channels' = ANY (fields) OR 'contact.rules' = ANY (fields));
