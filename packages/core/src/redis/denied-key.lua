-- Which key a user may not hand to a script.
-- KEYS     none: the server would refuse them
-- ARGV[1]  the command that runs the script: EVALSHA, or EVALSHA_RO for one that only reads
-- ARGV[2]  the script's SHA-1
-- ARGV[3…] the keys
-- Returns  the first that the user may not both read and write, or read for EVALSHA_RO; false if there is none

for i = 3, #ARGV do
  if not redis.acl_check_cmd(ARGV[1], ARGV[2], '1', ARGV[i]) then return ARGV[i] end
end
return false
