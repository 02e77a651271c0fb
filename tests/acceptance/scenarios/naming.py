"""Which cluster is meant: precedence, contradictions, and that nothing is ever guessed."""

import shutil

from harness import BOTH, JWKS, REQUIRED, check, check_equal, sentence

from .registry import scenario

PEM = "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n"
KEY = "-----BEGIN PRIVATE KEY-----\\nMIIB\\n-----END PRIVATE KEY-----\\n"


def by_arguments(cluster):
    return (f'host = "{cluster.url}"\ncluster_ca_certificate = file("{cluster.path("ca.pem")}")\n'
            f'token = "{cluster.admin["token"]}"')


def by_variables(cluster):
    return {"KUBE_HOST": cluster.url, "KUBE_TOKEN": cluster.admin["token"],
            "KUBE_CLUSTER_CA_CERT_DATA": cluster.text("ca.pem")}


@scenario(core=True)
def the_first_source_that_names_a_cluster_decides(stage):
    """Four clusters, one per source; sources are taken away one after another, and each time the next one is asked."""
    first, second, third, fourth = (stage.cluster("p256") for _ in range(4))
    host, port = fourth.url.removeprefix("https://").split(":")
    env = dict(by_variables(second), KUBECONFIG=third.path("kubeconfig-token.yaml"),
               KUBERNETES_SERVICE_HOST=host, KUBERNETES_SERVICE_PORT=port)

    def expect_asked(wanted):
        stage.apply(env=env)
        check_equal(stage.outputs()["key_ids"], wanted.kids(), "the key ids")
        asked = [cluster for cluster in (first, second, third, fourth) if cluster.requests()]
        check(asked == [wanted], f"{len(asked)} clusters were asked, or the wrong one")

    stage.configure(by_arguments(first))
    expect_asked(first)
    stage.configure(f'config_path = "{first.path("kubeconfig-token.yaml")}"')
    expect_asked(first)
    stage.configure("")
    expect_asked(second)
    for name in by_variables(second):
        env[name] = None
    expect_asked(third)
    env["KUBECONFIG"] = None
    # The pod's files are not there, so naming the pod is as far as this gets: nobody else is asked instead.
    result = stage.plan(env=env)
    stage.expect_error(result, "/var/run/secrets/kubernetes.io/serviceaccount/", count=2)
    check_equal([len(cluster.requests()) for cluster in (first, second, third, fourth)], [0, 0, 0, 0], "requests")


@scenario
def later_sources_fill_no_gaps(stage):
    """A host in the block without credentials is asked without any, whatever the environment has."""
    named, other = stage.cluster("p256"), stage.cluster("p256")
    stage.configure(f'host = "{named.url}"\ncluster_ca_certificate = file("{named.path("ca.pem")}")')
    env = dict(by_variables(other), KUBE_TOKEN=named.admin["token"], KUBECONFIG=named.path("kubeconfig"),
               KUBE_CTX="admin")
    named.requests()
    result = stage.plan(env=env)
    stage.expect_error(result, named.url, "answered with status 403 Forbidden", count=2)
    check_equal({r["credential"] for r in named.requests()}, {"none"}, "credentials sent")
    check_equal(other.requests(), [], "requests to the other cluster")


@scenario(core=True)
def nothing_named(stage):
    cluster = stage.cluster("p256")
    folder = stage.folder / "home" / ".kube"
    folder.mkdir()
    shutil.copy(cluster.path("kubeconfig"), folder / "config")
    stage.configure("")
    errors = stage.expect_refused("No cluster is named, and there is no default.", "KUBE_HOST", "KUBE_CONFIG_PATH",
                                  "KUBECONFIG", "~/.kube/config is read only when it is named.", count=2)
    for error in errors:
        check("localhost" not in sentence(error), f"localhost in the error\n{error}")
    check_equal(cluster.requests(), [], "requests to the cluster in ~/.kube/config")
    # Validation never needs a cluster.
    check_equal(stage.validate(expect=0).errors(), [], "errors of validate")


@scenario
def host_beside_a_kubeconfig(stage):
    """As in hashicorp/kubernetes, an argument overrides the kubeconfig's field."""
    one, other = stage.cluster("p256"), stage.cluster("p256")
    stage.configure(f'config_path = "{one.path("kubeconfig")}"\nconfig_context = "plain"\n'
                    f'token = "{one.admin["token"]}"')
    one.requests()
    stage.apply()
    check_equal({r["user"] for r in one.requests()}, {"admin"}, "who asked")
    stage.configure(f'config_path = "{one.path("kubeconfig")}"\nconfig_context = "admin-token"',
                    JWKS.replace('"it" {}', '"it" {\n  config_context = "admin"\n}'))
    stage.apply()
    check_equal({r["credential"] for r in one.requests()}, {"certificate"}, "credentials sent")
    stage.configure(by_arguments(other), JWKS.replace('"it" {}', '"it" {\n  config_context = "admin"\n}'))
    stage.expect_refused('config_context = "admin" chooses within a kubeconfig')


EXEC = 'exec {\n  api_version = "client.authentication.k8s.io/v1"\n  command = "x"\n}'

CONTRADICTIONS = [
    ('config_path = "a"\nconfig_paths = ["b"]', ["config_path and config_paths contradict each other"]),
    ('config_path = "a"\nkubeconfig = "{}"', ["config_path and kubeconfig contradict each other"]),
    ('config_paths = ["a"]\nkubeconfig = "{}"', ["config_paths and kubeconfig contradict each other"]),
    ('in_cluster = true\nhost = "https://a"', ["in_cluster = true means the cluster this process runs in, and host"]),
    ('in_cluster = true\nconfig_path = "a"', ["in_cluster = true", "and config_path names another"]),
    ('in_cluster = true\nconfig_paths = ["a"]', ["in_cluster = true", "and config_paths names another"]),
    ('in_cluster = true\nkubeconfig = "{}"', ["in_cluster = true", "and kubeconfig names another"]),
    (f'host = "a"\ninsecure = true\ncluster_ca_certificate = "{PEM}"',
     ["insecure and cluster_ca_certificate contradict each other"]),
    (f'host = "a"\nclient_certificate = "{PEM}"', ["client_certificate needs client_key beside it"]),
    (f'host = "a"\nclient_key = "{KEY}"', ["client_key needs client_certificate beside it"]),
    ('host = "a"\ntoken = "x"\ntoken_file = "y"', ["token_file and token contradict each other"]),
    ('host = "a"\nusername = "x"', ["username needs password beside it"]),
    ('host = "a"\npassword = "x"', ["password needs username beside it"]),
    ('host = "a"\ntoken = "x"\nusername = "y"\npassword = "z"', ["username and token contradict each other"]),
    ('host = "a"\ncluster_ca_certificate = "/etc/ca.pem"', ["cluster_ca_certificate is not PEM text"]),
    ('host = "a"\nclient_certificate = "x"\nclient_key = "y"', ["is not PEM text"]),
    ('host = "ftp://a"', ["host is refused"]),
    ('host = "a"\nproxy_url = "proxy:3128"', ["proxy_url is no proxy URL"]),
    (f'host = "a"\ntoken = "x"\n{EXEC}', ["exec and token contradict each other"]),
    ('host = "a"\nimpersonate {\n  user = ""\n}', ["user of the block impersonate is missing"]),
    ('host = "a"\nheaders = { Authorization = "x" }', ["cannot be set here; use token"]),
    ('host = "https://"', ["host"]),
    ('host = "https://a?b=c"', ["host is https://a with a query or a fragment"]),
    ('host = "a"\nrequest_timeout = "soon"', ["Must be a duration"]),
    ('host = "a"\nconnect_timeout = "0s"', ["Must be a duration"]),
    ('host = "a"\nmax_retries = -1', ["max_retries"]),
    ('kubeconfig = "a: b: c"', ["kubeconfig"]),
]


@scenario
def contradictions_are_errors_at_validate(stage):
    for block, parts in CONTRADICTIONS:
        stage.configure(block)
        result = stage.validate()
        check_equal(result.code, 1, f"exit code for\n{block}\n{result}\nwhich")
        for error in result.errors():
            text = sentence(error)
            check(any(part in text for part in parts), f"for\n{block}\nthis error has none of {parts}\n{text}")
        everything = " ".join(sentence(error) for error in result.errors())
        for part in parts:
            check(part in everything, f"for\n{block}\nno error says {part!r}\n{everything}")
        check("range" in result.errors()[0], f"no line of the configuration is underlined\n{result}")


@scenario
def contradictions_in_variables(stage):
    stage.configure("")
    stage.expect_error(stage.plan(env={"KUBE_CONFIG_PATH": "/a", "KUBE_CONFIG_PATHS": "/b"}),
                       "KUBE_CONFIG_PATH", "KUBE_CONFIG_PATHS", "contradict each other", count=2)
    stage.expect_error(stage.plan(env={"KUBE_HOST": "https://127.0.0.1:1", "KUBE_INSECURE": "perhaps"}),
                       "KUBE_INSECURE is neither true nor false", count=2)


@scenario
def data_source_arguments_are_checked(stage):
    cases = [
        ('consistency_reads = 0', "consistency_reads"),
        ('consistency_reads = 11', "consistency_reads"),
        ('on_disagreement = "maybe"', "on_disagreement"),
        ('url = ""', "url"),
        ('config_context = ""', "config_context"),
        ('url = "https://example.com"\nconfig_context = "a"', "config_context"),
        ('ca_certificate = "x"', "ca_certificate"),
        ('minimum_rsa_bits = 100', "minimum_rsa_bits"),
    ]
    for arguments, part in cases:
        stage.write(REQUIRED + JWKS.replace('"it" {}', '"it" {\n' + arguments + "\n}"))
        result = stage.validate()
        check_equal(result.code, 1, f"exit code for\n{arguments}\n{result}\nwhich")
        check(any(part in sentence(error) for error in result.errors()), f"{part!r} is in no error\n{result}")
    stage.write(REQUIRED + JWKS.replace('"it" {}', '"it" {\n  url = "http://example.com"\n}'))
    stage.expect_refused("The URL does not start with https://")


@scenario
def no_verification_warns_once(stage):
    cluster = stage.cluster("p256")
    stage.configure(f'host = "{cluster.url}"\ninsecure = true\ntoken = "{cluster.admin["token"]}"', BOTH)
    cluster.fault(tls="other-ca")
    stage.apply()
    result = stage.plan(expect=0)
    check_equal(len(result.warnings()), 1, f"number of warnings\n{result}\nwhich")
    check("verif" in sentence(result.warnings()[0]), f"the warning does not say what it is about\n{result}")
