-- What wrk sends, and what it reports: bodies from a file, one a line, in turn; a line of JSON at the end.
local bodies, at, offset = {}, 0, 0

function setup(thread)
  offset = offset + 1
  thread:set("offset", offset)
end

function init(args)
  for line in io.lines(args[1]) do bodies[#bodies + 1] = line end
  at = (tonumber(offset) or 0) * 37 % #bodies
  wrk.headers["content-type"] = "application/json"
end

function request()
  at = at % #bodies + 1
  return wrk.format("POST", nil, nil, bodies[at])
end

function done(summary, latency, requests)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status
    + summary.errors.timeout
  io.stderr:write(string.format(
    '{"requests": %d, "microseconds": %d, "bytes": %d, "failed": %d, "p50": %d, "p99": %d}\n',
    summary.requests, summary.duration, summary.bytes, failed, latency:percentile(50), latency:percentile(99)
  ))
end
