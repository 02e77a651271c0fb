"""go-jose against the provider's jose/: the same fields, thumbprints and kids for the same keys."""
import json
import subprocess

KNOWN_TYPES = ("RSA", "EC", "OKP")
FIELDS = ("kid", "kty", "alg", "use", "crv", "n", "e", "x", "y", "bits", "thumbprint", "spki_sha256", "pem")


def ask(program, texts):
    """One answer for each JWK Set."""
    questions = "".join(json.dumps(text) + "\n" for text in texts)
    answer = subprocess.run(program, input=questions, stdout=subprocess.PIPE, text=True, check=True)
    answers = [json.loads(line) for line in answer.stdout.split("\n") if line]
    assert len(answers) == len(texts), f"{program} answered {len(answers)} of {len(texts)} sets"
    return answers


def differences(ours, theirs):
    """What go-jose says differently of one key."""
    if theirs.get("error"):
        known = ours["kty"] in KNOWN_TYPES
        return [f"go-jose refuses a key of a type that it should know: {theirs['error']}"] if known else []
    wrong = [f"{field}: {ours.get(field)!r}, to go-jose {theirs[field]!r}"
             for field in FIELDS if (ours.get(field) or "") != (theirs[field] or "")]
    derivation = "missing" if not theirs["kid"] else "kubernetes" if theirs["kid"] == theirs["kubernetes_kid"] else "other"
    if ours["kid_derivation"] != derivation:
        wrong.append(f"kid_derivation: {ours['kid_derivation']}, not {derivation}")
    return wrong


def compare_set(name, ours, canonical, served):
    """What is wrong with our answer for a set; `canonical` and `served` are what go-jose sees in our bytes and the input."""
    if len(ours["keys"]) != len(canonical["keys"]):
        return [f"{name}: go-jose finds {len(canonical['keys'])} keys in our {len(ours['keys'])}"]
    wrong = []
    for key, theirs in zip(ours["keys"], canonical["keys"]):
        wrong += [f"{name}, kid {key.get('kid')!r}: {what}" for what in differences(key, theirs)]
    kept = {(key.get("kid", ""), key.get("thumbprint")) for key in ours["keys"]}
    ignored = {key["kid"] for key in ours["ignored"]}
    for theirs in served["keys"]:
        if theirs.get("error") or theirs["kid"] in ignored:
            continue
        if (theirs["kid"], theirs["thumbprint"]) not in kept:
            wrong.append(f"{name}: the key {theirs['kid']!r}, which go-jose reads, is neither kept nor ignored")
    return wrong


def compare(oracle, program, folder):
    files = [file for file in sorted(folder.glob("*.json")) if file.name.count(".") == 1]
    generated = subprocess.run([oracle, "generate"], stdout=subprocess.PIPE, text=True, check=True).stdout
    sets = [{"name": file.name, "jwks": file.read_text(encoding="utf-8"), "refused": False} for file in files]
    sets += [json.loads(line) for line in generated.split("\n") if line]

    ours = ask([program], [one["jwks"] for one in sets])
    served = ask([oracle, "describe"], [one["jwks"] for one in sets])
    canonical = ask([oracle, "describe"], [answer.get("json", '{"keys":[]}') for answer in ours])
    failures, count, unread = [], 0, 0
    for one, answer, before, after in zip(sets, ours, served, canonical):
        if answer["ok"] == one["refused"]:
            failures.append(f"{one['name']}: {'taken' if answer['ok'] else 'refused, ' + answer['error']}")
        elif answer["ok"]:
            failures += compare_set(one["name"], answer, after, before)
            count += len(answer["keys"])
            unread += sum(1 for key in after["keys"] if key.get("error"))
    print(f"{len(files)} files, {len(sets) - len(files)} sets of new keys: {count} keys compared, "
          f"{unread} of types that go-jose does not know")
    if count - unread < 1000:
        failures.append("fewer than 1,000 keys were compared")
    return failures
