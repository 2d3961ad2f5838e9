# Loads receivers and has each judge its requests: `python3 runner.py requests.txt`, one answer on a line of its own.
import base64
import importlib.util
import inspect
import sys
from email.message import Message


def text(field):
    return base64.b64decode(field).decode()


modules = {}
for line in open(sys.argv[1], encoding="ascii"):
    file, method, target, headers, body, secrets = line.rstrip("\n").split("\t")
    if file not in modules:
        spec = importlib.util.spec_from_file_location(f"receiver_{len(modules)}", file)
        modules[file] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(modules[file])
    fields = Message()
    for field in filter(None, text(headers).split("\n")):
        name, value = field.split(":", 1)
        fields[name] = value
    known = {"method": method, "target": target, "headers": fields, "body": base64.b64decode(body)}
    refusal_of = modules[file].refusal_of
    wanted = inspect.signature(refusal_of).parameters
    parts = {name: value for name, value in known.items() if name in wanted}
    print(refusal_of(**parts, secrets=[text(secret) for secret in secrets.split(",")]) or "genuine")
