-- Include of scripts whose arguments are groups of many lengths: they are taken one group after the other.

local arguments_taken = 0

local function take(count)
  local taken = {}
  for i = 1, count do taken[i] = ARGV[arguments_taken + i] end
  arguments_taken = arguments_taken + count
  return taken
end

local function take_one() return take(1)[1] end
local function take_number() return tonumber(take_one()) end
local function take_rest() return take(#ARGV - arguments_taken) end
local function has_arguments() return arguments_taken < #ARGV end
