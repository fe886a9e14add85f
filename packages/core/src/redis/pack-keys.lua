-- Include of the scripts that hand out many keys.

-- Returns keys of one length as a single string, one behind the other: a client reads that far faster than a list. Returns
-- keys of different lengths as they are.
local function pack_keys(keys)
  local width = #(keys[1] or '')
  for i = 2, #keys do
    if #keys[i] ~= width then return keys end
  end
  return table.concat(keys)
end
