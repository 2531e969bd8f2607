"""A plain drone, from docs/protocol.md alone: drone.py [address of the queen] [id]. Needs python3-socketio and python3-aiohttp."""
import asyncio
import codecs
import os
import signal
import sys
import time

import socketio

QUEEN = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7874"
DRONE_ID = sys.argv[2] if len(sys.argv) > 2 else "plain-python"
PHASES = {"TEST": ["prepare", "test"], "DEPLOY": ["prepare", "deploy"], "TEST&DEPLOY": ["prepare", "test", "deploy"]}
drone = socketio.AsyncClient()
attempts = {}  # by the id of the job
outbox = asyncio.Queue()  # what is to be said
registered = asyncio.Event()  # the queen knows who speaks


async def talk():
    """Says what is to be said, in order, whenever the queen knows who speaks."""
    while True:
        event, *args = await outbox.get()
        await registered.wait()
        await drone.emit(event, tuple(args), namespace="/drone")


def say(event, *args):
    outbox.put_nowait((event, *args))


def now():
    return int(time.time() * 1000)


async def run_job(job):
    attempt = attempts[job["id"]] = {"commands": 0, "cancelled": False, "child": None}
    say("job:started", job["id"], now())
    failed = False
    for phase in [*PHASES[job.get("job_type", "TEST")], "cleanup"]:
        if failed and phase != "cleanup":
            continue
        say("job:phase", job["id"], phase, now())
        code = 0
        for command in job.get("phases", {}).get(phase, []):
            code = code or await run_command(job, attempt, command)
        if phase in ("test", "deploy"):
            say("job:tested" if phase == "test" else "job:deployed", job["id"], code, now())
        failed = failed or code != 0 or attempt["cancelled"]
    del attempts[job["id"]]
    say("job:done", job["id"], now())


async def run_command(job, attempt, given):
    given = given if isinstance(given, dict) else {"command": given}
    line, args = given["command"], given.get("args")
    num, attempt["commands"] = attempt["commands"], attempt["commands"] + 1
    say("job:cmd:start", job["id"], num, " ".join([line, *(args or [])]), given.get("screencmd"))
    env = {**os.environ, **job.get("env", {}), **job.get("secrets", {}), **given.get("env", {})}
    argv = ["/bin/sh", "-e", "-c", line] if args is None else [line, *args]
    pipe, options = asyncio.subprocess.PIPE, {"env": env, "cwd": given.get("cwd"), "start_new_session": True}
    try:
        child = await asyncio.create_subprocess_exec(*argv, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe, **options)
    except OSError as error:
        say("job:cmd:stderr", job["id"], num, f"{error}\n")
        say("job:cmd:done", job["id"], num, 127)
        return 127
    attempt["child"] = child
    await asyncio.gather(*(copy(getattr(child, out), f"job:cmd:{out}", job["id"], num) for out in ("stdout", "stderr")))
    code = await child.wait()
    attempt["child"] = None
    ended_by = signal.Signals(-code).name if code < 0 else None
    code = 128 - code if code < 0 else code
    say("job:cmd:done", job["id"], num, code, ended_by)
    return code


async def copy(stream, event, job_id, num):
    decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a letter may be cut in two
    while data := await stream.read(65536):
        say(event, job_id, num, decoder.decode(data))


@drone.on("drone:query-info", namespace="/drone")
async def query_info():
    await drone.emit("drone:info", {"id": DRONE_ID, "speed": 10, "capacity": 1}, namespace="/drone")
    registered.set()


@drone.on("disconnect", namespace="/drone")
async def disconnect():
    registered.clear()


@drone.on("queue:new", namespace="/drone")
async def queue_new(job):
    await run_job(job)  # each event has a task of its own


@drone.on("job:cancel", namespace="/drone")
async def job_cancel(job_id, reason):
    if attempt := attempts.get(job_id):
        attempt["cancelled"] = True
        if attempt["child"]:
            os.killpg(attempt["child"].pid, signal.SIGTERM)


@drone.on("error:invalid", namespace="/drone")
async def invalid(event, error):
    print(event, error, file=sys.stderr)


async def main():
    token = os.environ.get("SKEP_TOKEN")
    await drone.connect(QUEEN, namespaces=["/drone"], auth={"token": token} if token else {})
    await asyncio.gather(talk(), drone.wait())


asyncio.run(main())
