-- What the widget sends, for wrk: 500 pages, 2,000 different answers, each submission with an id of its own.
-- `isso` after the address sends the same pages and words as comments of isso, which has no ids of clients.
wrk.method = "POST"
wrk.headers["Content-Type"] = "text/plain;charset=UTF-8"
wrk.headers["Origin"] = "https://www.example.gov.uk"
wrk.headers["Referer"] = "https://www.example.gov.uk/"

local WORDS = {}
for word in ([[the page says that I can pay by direct debit but the form only takes cards and then it sends me
   back to the start please renew garden waste subscription council tax bins library opening times permit]]):gmatch("%S+") do
	WORDS[#WORDS + 1] = word
end
local ANSWER = '"page":"https://www.example.gov.uk/%s/page-%d","title":"%s - Example Council","lang":"en",'
	.. '"useful":"%s","doing":"%s","comment":"%s","website":"","elapsed":%d.%d}'
local COMMENT = '{"text":"%s %s","title":"%s - Example Council","author":null,"email":null,"website":null}'
local ID = '{"id":"%08x-%04x-4%03x-a%03x-%06x%06x",'
local SECTIONS = { "bins", "council-tax", "parking", "libraries", "planning" }
local random = math.random

local function words(count)
	local chosen = {}
	for place = 1, count do
		chosen[place] = WORDS[random(#WORDS)]
	end
	return table.concat(chosen, " ")
end

local answers, paths = {}, {}

function init(arguments)
	math.randomseed(os.time())
	local isso = arguments[1] == "isso"
	if isso then
		wrk.headers["Content-Type"] = "application/json"
	end
	for place = 1, 2000 do
		local section, page = SECTIONS[random(#SECTIONS)], random(100)
		if isso then
			answers[place] = COMMENT:format(words(9), words(22), section)
			paths[place] = "/new?uri=%2F" .. section .. "%2Fpage-" .. page
		else
			answers[place] = ANSWER:format(
				section, page, section, random(2) == 1 and "yes" or "no", words(9), words(22), random(3, 90), random(0, 9)
			)
		end
	end
end

function request()
	local place = random(#answers)
	if paths[place] then
		return wrk.format(nil, paths[place], nil, answers[place])
	end
	local id = ID:format(
		random(0, 0x7fffffff), random(0, 0xffff), random(0, 0xfff), random(0, 0xfff), random(0, 0xffffff), random(0, 0xffffff)
	)
	return wrk.format(nil, nil, nil, id .. answers[place])
end
