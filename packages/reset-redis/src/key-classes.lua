-- Include of the scripts that tell AsyncTaskFlow's keys from others.

-- Reads the kinds of the data model, two arguments for each kind from `first` on: its pattern (a whole key, or the beginning
-- of one if it ends in *) and its types with commas around each.
-- Returns a function from a key to its class: the number of its kind if name and type fit, 'wrong type' if only the name
-- fits, 'unrelated' if the name does not fit, 'gone' if there is no such key any more.
local function classifier(argv, first)
  local whole, beginnings, types = {}, {}, {}
  for i = first, #argv, 2 do
    local kind, pattern = (i - first) / 2 + 1, argv[i]
    types[kind] = argv[i + 1]
    if string.sub(pattern, -1) == '*' then
      beginnings[#beginnings + 1] = { text = string.sub(pattern, 1, -2), length = #pattern - 1, kind = kind }
    else
      whole[pattern] = kind
    end
  end

  local function kind_by_name(key)
    if whole[key] then return whole[key] end
    for _, beginning in ipairs(beginnings) do
      if string.sub(key, 1, beginning.length) == beginning.text then return beginning.kind end
    end
  end

  return function(key)
    local kind = kind_by_name(key)
    if not kind then return 'unrelated' end
    local type = redis.call('TYPE', key).ok
    if type == 'none' then return 'gone' end
    return string.find(types[kind], ',' .. type .. ',', 1, true) and kind or 'wrong type'
  end
end
