-- What wrk sends: the first argument names the request, the second is the number of enrollments, the third where to
-- begin counting. Every answer is looked at.
local request_of = {}
local counter = 0
local everybody = {}

function setup(thread)
  thread:set("number", #everybody)
  table.insert(everybody, thread)
end

function init(arguments)
  kind = arguments[1]
  enrollments = tonumber(arguments[2])
  counter = tonumber(arguments[3])
  wrk.headers["api_key"] = "rb_benchmark"
  wrk.headers["Authorization"] = "Bearer rb_benchmark"
  math.randomseed(number * 7919 + os.time())
  refused = 0
  example = ""
end

local function update()
  local id = math.random(enrollments)
  counter = counter + 1
  return wrk.format("GET", string.format(
    "/api/2.0/UpdateClassEnrollment/%d?classId=%d&userId=%d&enrollmentStatusId=60&completionStatusId=0&HoursSpent=%d&Grade=%d",
    id, math.floor((id - 1) / 200) + 1, (id - 1) % 20000 + 1, counter, math.random(100)))
end

local function create()
  -- Each open class takes 300 students, one after the other; those of a class are spread, so that few meet in two classes.
  local class = enrollments / 200 + 1 + counter % 400
  local user = (math.floor(counter / 400) * 401 + counter) % 20000 + 1
  counter = counter + 1
  return wrk.format("GET", string.format(
    "/api/2.0/CreateClassEnrollment?classId=%d&userId=%d&enrollmentStatusId=60&completionStatusId=0", class, user))
end

-- 70 % reading, 25 % updates, 5 % searches, each about something of its own.
local function mixed()
  local drawn = math.random(100)
  if drawn <= 25 then return update() end
  local id = math.random(enrollments)
  local class, user = math.floor((id - 1) / 200) + 1, (id - 1) % 20000 + 1
  local path
  if drawn <= 28 then path = "SearchClassEnrollments?classId=" .. class
  elseif drawn <= 30 then path = "SearchClassEnrollments?studentId=" .. user
  elseif drawn <= 60 then path = "GetClassEnrollment/" .. id
  elseif drawn <= 70 then path = string.format("GetClassEnrollmentByClassAndUser?classId=%d&userId=%d", class, user)
  elseif drawn <= 90 then path = "GetUser/" .. user
  else path = "GetClass/" .. class end
  return wrk.format("GET", "/api/2.0/" .. path)
end

request_of.update = update
request_of.create = create
request_of.mixed = mixed
request_of.nothing = function() return wrk.format("GET", "/api/2.0/DoNothing/" .. math.random(enrollments)
  .. "?classId=1&userId=1&enrollmentStatusId=60&completionStatusId=0&HoursSpent=" .. math.random(1000) .. "&Grade=1") end
request_of.get = function() return wrk.format("GET", "/api/2.0/GetClassEnrollment/" .. math.random(enrollments)) end
request_of.page = function() return wrk.format("GET", "/api/2.0/SearchClassEnrollments?pageSize=1000&classId=" .. math.random(enrollments / 200)) end
request_of.class = function() return wrk.format("GET", "/api/2.0/SearchClassEnrollments?classId=" .. math.random(enrollments / 200)) end
request_of.unfiltered = function() return wrk.format("GET", "/api/2.0/SearchClassEnrollments") end

request_of.roster = function() return wrk.format("GET", "/api/v1/classes/" .. counter .. "/roster") end

function request()
  return request_of[kind]()
end

function response(status, headers, body)
  if status ~= 200 or not (kind == "roster" or string.find(body, '"[Ss]tatus":0', 1, false)) then
    refused = refused + 1
    example = body
  end
end

function done(summary, latency, requests)
  local refusals, text = 0, ""
  for _, thread in ipairs(everybody) do
    refusals = refusals + thread:get("refused")
    text = thread:get("example") ~= "" and thread:get("example") or text
  end
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('\nRESULT {"requests":%d,"microseconds":%d,"errors":%d,"refused":%d,"p50":%d,"p95":%d,"p99":%d}\n',
    summary.requests, summary.duration, errors, refusals,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
  if refusals > 0 then io.write("REFUSED " .. string.sub(text, 1, 300) .. "\n") end
end
