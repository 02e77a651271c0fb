"""examples/files: managed resources, and whatever else the library offers, run by the real thing."""

import json
import shutil

from harness import Skip, check, check_equal

from .registry import scenario

HEAD = """terraform {
  required_providers {
    files = {
      source = "example/files"
    }
  }
}
provider "files" {
  folder = "%s"
}
"""


class Files:
    """A workspace with the files provider, and the folder it works in."""

    def __init__(self, stage):
        self.stage = stage
        self.folder = stage.folder / "files"
        self.folder.mkdir()
        stage.install("files", stage.options.files, namespace="example")

    def write(self, body):
        self.stage.write(HEAD % self.folder + body)

    def file(self, name="it", **attributes):
        attributes.setdefault("name", "a.txt")
        lines = "".join(f"  {key} = {json.dumps(value)}\n" for key, value in attributes.items())
        self.write(f'resource "files_file" "{name}" {{\n{lines}}}\n')

    def text(self, name="a.txt"):
        path = self.folder / name
        return path.read_text() if path.exists() else None

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def resource(self, name="it"):
        state = json.loads(self.stage.state_bytes())
        found = [r for r in state["resources"] if r["name"] == name and r["mode"] == "managed"]
        return found[0]["instances"][0] if found else None

    def attributes(self, name="it"):
        return self.resource(name)["attributes"]


def needs(stage, major, minor, what):
    version, is_tofu = stage.version()
    if not is_tofu and version < (major, minor):
        raise Skip(f"needs Terraform {major}.{minor}: {what}")
    return version, is_tofu


def changes(result):
    """What a plan or an apply with -json says it will do, by address."""
    return {event["change"]["resource"]["addr"]: event["change"]["action"]
            for event in result.events() if event["type"] == "planned_change"}


@scenario(core=True)
def a_managed_file_lives(stage):
    """Create, no change, update in place, replace, destroy."""
    files = Files(stage)
    files.file(content="one")
    check_equal(changes(stage.plan(expect=2)), {"files_file.it": "create"}, "the plan")
    stage.apply()
    check_equal(files.text(), "one", "the file")
    check_equal(files.attributes()["size"], 3, "its size")
    stage.expect_empty_plan()

    files.file(content="one and two", mode="0600")
    check_equal(changes(stage.plan(expect=2)), {"files_file.it": "update"}, "the plan")
    stage.apply()
    check_equal((files.text(), oct((files.folder / "a.txt").stat().st_mode & 0o777)), ("one and two", "0o600"), "the file")
    stage.expect_empty_plan()

    files.file(name="it", content="one and two", mode="0600")
    stage.write(HEAD % files.folder + 'resource "files_file" "it" {\n  name = "b.txt"\n  content = "one and two"\n}\n')
    check_equal(changes(stage.plan(expect=2)), {"files_file.it": "replace"}, "the plan")
    stage.apply()
    check_equal(files.names(), ["b.txt"], "the files")
    # The mode is taken away from the configuration: it falls back to its default.
    check_equal(files.attributes()["mode"], "0644", "the mode")
    stage.expect_empty_plan()

    stage.run("destroy", "-json", "-auto-approve", "-input=false", expect=0)
    check_equal(files.names(), [], "the files")


@scenario(core=True)
def drift_is_seen_and_repaired(stage):
    files = Files(stage)
    files.file(content="as planned")
    stage.apply()
    (files.folder / "a.txt").write_text("changed by hand")
    check_equal(changes(stage.plan(expect=2)), {"files_file.it": "update"}, "the plan")
    refreshed = stage.apply("-refresh-only")
    check_equal(files.attributes()["content"], "changed by hand", f"what is stored\n{refreshed}")
    stage.apply()
    check_equal(files.text(), "as planned", "the file")
    stage.expect_empty_plan()

    (files.folder / "a.txt").unlink()
    check_equal(changes(stage.plan(expect=2)), {"files_file.it": "create"}, "the plan when it is gone")
    stage.apply()
    check_equal(files.text(), "as planned", "the file")


@scenario
def tainted_and_replaced(stage):
    files = Files(stage)
    files.file(content="x")
    stage.apply()
    stage.run("taint", "-no-color", "files_file.it", expect=0)
    check_equal(changes(stage.plan(expect=2)), {"files_file.it": "replace"}, "the plan of what is tainted")
    stage.apply()
    stage.expect_empty_plan()
    check_equal(changes(stage.plan("-replace=files_file.it", expect=2)), {"files_file.it": "replace"}, "the plan")
    stage.apply("-replace=files_file.it")
    check_equal(files.text(), "x", "the file")


@scenario
def imported_by_command_and_by_block(stage):
    needs(stage, 1, 5, "import blocks")
    files = Files(stage)
    (files.folder / "a.txt").write_text("was there")
    files.file(content="was there", mode="0644")
    (files.folder / "a.txt").chmod(0o644)
    stage.run("import", "-input=false", "-no-color", "files_file.it", "a.txt", expect=0)
    stage.expect_empty_plan()
    result = stage.run("import", "-input=false", "-no-color", "files_file.other", "gone.txt")
    check(result.code == 1, f"importing nothing should fail\n{result}")

    (files.folder / "b.txt").write_text("also there")
    (files.folder / "b.txt").chmod(0o600)
    block = 'import {\n  to = files_file.b\n  id = "b.txt"\n}\n'
    files.file(content="was there")
    stage.write(block, "import.tf")
    stage.plan("-generate-config-out=generated.tf", expect=2)
    generated = (stage.project / "generated.tf").read_text()
    check('"also there"' in generated and '"0600"' in generated, f"the generated configuration\n{generated}")
    stage.apply()
    stage.expect_empty_plan()
    check_equal(files.attributes("b")["mode"], "0600", "the mode")


@scenario
def moved_from_terraform_data(stage):
    _, is_tofu = needs(stage, 1, 8, "moves across types")
    if is_tofu:
        raise Skip("OpenTofu sends no move from its built-in provider")
    files = Files(stage)
    data = 'resource "terraform_data" "it" {\n  input = { name = "a.txt", content = "kept" }\n}\n'
    files.write(data)
    stage.apply()
    (files.folder / "a.txt").write_text("kept")
    (files.folder / "a.txt").chmod(0o644)
    files.file(content="kept")
    stage.write("moved {\n  from = terraform_data.it\n  to   = files_file.it\n}\n", "moved.tf")
    plan = stage.plan()
    check(plan.code in (0, 2) and changes(plan).get("files_file.it") in (None, "move"), f"nothing should be made\n{plan}")
    stage.apply()
    check_equal(files.attributes()["content"], "kept", "what is stored")
    stage.expect_empty_plan()

    (stage.project / "moved.tf").unlink()
    files.write(data.replace('"it"', '"other"').replace("name =", "title ="))
    stage.apply()
    stage.write("moved {\n  from = terraform_data.other\n  to   = files_file.other\n}\n", "moved.tf")
    files.write('resource "files_file" "other" {\n  name = "c.txt"\n}\n')
    result = stage.plan()
    check(result.code == 1 and any("an object with a name and a content" in e["detail"] for e in result.errors()),
          f"such an input cannot be moved\n{result}")


@scenario(core=True)
def upgraded_from_version_0(stage):
    files = Files(stage)
    files.file(content="old")
    stage.apply()
    state = json.loads(stage.state_bytes())
    instance = state["resources"][0]["instances"][0]
    instance["schema_version"] = 0
    instance["attributes"] = {"filename": "a.txt", "text": "old"}
    instance.pop("identity", None)
    instance.pop("identity_schema_version", None)
    (stage.project / "terraform.tfstate").write_text(json.dumps(state))
    stage.expect_empty_plan()
    stage.apply("-refresh-only")
    check_equal(files.resource()["schema_version"], 1, "the version that is stored")

    instance["schema_version"] = 7
    (stage.project / "terraform.tfstate").write_text(json.dumps(state))
    check_equal(stage.plan().code, 1, "the exit code for a state of the future")


@scenario
def secret_content_is_never_stored(stage):
    needs(stage, 1, 11, "write-only attributes")
    files = Files(stage)
    secret = "a canary that nobody may see"
    stage.canaries.append(secret)
    files.file(secret_content=secret, secret_content_version=1)
    stage.run("plan", "-input=false", "-out=plan.bin", expect=0)
    check(secret.encode() not in (stage.project / "plan.bin").read_bytes(), "the secret is in the plan")
    stage.apply()
    check_equal(files.text(), secret, "the file")
    check(secret.encode() not in stage.state_bytes(), "the secret is in the state")
    stage.expect_empty_plan()

    other = "another canary that nobody may see"
    stage.canaries.append(other)
    files.file(secret_content=other, secret_content_version=1)
    stage.expect_empty_plan()
    files.file(secret_content=other, secret_content_version=2)
    stage.apply(env={"TF_LOG": "TRACE"})
    check_equal(files.text(), other, "the file")
    files.file(secret_content=other)
    stage.expect_refused("belong together")


@scenario
def a_crash_between_creation_and_state(stage):
    """The provider dies before Terraform can store anything: the next run says what is there, and an import mends it."""
    needs(stage, 1, 5, "import blocks")
    files = Files(stage)
    files.file(content="x")
    stage.init()
    watched, stage.inspect = stage.inspect, lambda result: None
    result = stage.apply(env={"FILES_EXAMPLE_DIES_AFTER_CREATE": "1"}, expect=1)
    stage.inspect = watched
    # Its socket: nobody was left to remove it.
    shutil.rmtree(stage.temporary)
    stage.temporary.mkdir()
    check_equal(files.text(), "x", f"the file\n{result}")
    result = stage.apply(expect=1)
    check(any("already" in e["detail"].lower() or "exists" in e["detail"].lower() for e in result.errors()),
          f"it should say that the file is there\n{result}")
    stage.write('import {\n  to = files_file.it\n  id = "a.txt"\n}\n', "import.tf")
    stage.apply()
    stage.expect_empty_plan()


@scenario
def a_configuration_that_cannot_be(stage):
    files = Files(stage)
    files.write('resource "files_file" "it" {\n  name = "../x"\n  mode = "rw-r--r--"\n}\n')
    stage.init()
    errors = stage.validate().errors()
    check_equal(sorted(e["range"]["start"]["line"] for e in errors), [12, 13], "the lines of the errors")
    files.write('resource "files_file" "it" {\n  name = "a.txt"\n  size = 5\n}\n')
    check("size" in stage.validate().errors()[0]["summary"] + stage.validate().errors()[0]["detail"], "size is computed")
    stage.write(HEAD % (files.folder / "nowhere") + 'resource "files_file" "it" {\n  name = "a.txt"\n}\n')
    stage.expect_refused("There is no such folder.")


@scenario
def a_function_joins(stage):
    needs(stage, 1, 8, "provider functions")
    files = Files(stage)
    files.write('output "it" {\n  value = provider::files::join_names("-", "a", "b", "c")\n}\n')
    stage.apply()
    check_equal(stage.outputs(), {"it": "a-b-c"}, "the outputs")
    files.write('output "it" {\n  value = provider::files::join_names("-", "a", "b/c")\n}\n')
    error = stage.plan().errors()[0]
    check("without a slash" in error["detail"] and "parts" in error["detail"], f"the error should name the argument\n{error}")


@scenario
def an_ephemeral_file(stage):
    version, is_tofu = needs(stage, 1, 10, "ephemeral resources")
    if is_tofu and version < (1, 11, 0):
        raise Skip("needs OpenTofu 1.11: ephemeral resources")
    files = Files(stage)
    files.write('ephemeral "files_scratch" "it" {\n  name = "scratch"\n  content = "x"\n}\n'
                'resource "files_file" "it" {\n  name = "a.txt"\n  content = "y"\n}\n')
    stage.apply()
    check_equal(files.names(), ["a.txt"], "the files that are left")
    check(b"scratch" not in stage.state_bytes(), "the ephemeral resource is in the state")
    (files.folder / "scratch").write_text("in the way")
    result = stage.plan()
    check(result.code == 1 and "files_scratch" in result.errors()[0]["summary"], f"it cannot be opened\n{result}")


@scenario
def an_action_touches(stage):
    _, is_tofu = needs(stage, 1, 14, "actions")
    if is_tofu:
        raise Skip("OpenTofu has no actions")
    files = Files(stage)
    files.write('resource "files_file" "it" {\n  name = "a.txt"\n  content = "y"\n'
                '  lifecycle {\n    action_trigger {\n      events = [after_create]\n'
                '      actions = [action.files_touch.it]\n    }\n  }\n}\n'
                'action "files_touch" "it" {\n  config {\n    names = ["a.txt"]\n  }\n}\n')
    result = stage.apply()
    check("touched a.txt" in result.out, f"the progress should be shown\n{result}")


@scenario
def files_are_found_by_a_query(stage):
    _, is_tofu = needs(stage, 1, 14, "list resources")
    if is_tofu:
        raise Skip("OpenTofu has no list resources")
    files = Files(stage)
    for name in ("a.txt", "b.txt", "other"):
        (files.folder / name).write_text(name)
    files.write("")
    stage.write('list "files_file" "it" {\n  provider = files\n  config {\n    prefix = ""\n  }\n}\n', "main.tfquery.hcl")
    result = stage.run("query", "-json", expect=0)
    check(all(name in result.out for name in ("a.txt", "b.txt", "other")), f"all files should be found\n{result}")
