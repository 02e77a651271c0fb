#pragma once

// ApiServer: the two documents over TLS, as kube-apiserver 1.36 answers, or as the cluster's fault says.
//
//   GET /.well-known/openid-configuration     application/json
//   GET /openid/v1/jwks                       application/jwk-set+json; 406 when the client does not take
//   that both also below /k8s/clusters/NAME, where Rancher has them, and GET
//   /public/.well-known/openid-configuration, /public/keys: an issuer that asks for no credentials

#include <atomic>
#include <memory>

#include "certificates.h"
#include "cluster.h"
#include "httplib.h"

namespace devcluster {

class ApiServer {
 public:
  // `authority` signs the server's certificate and must have signed those of clients; `other` is one nobody
  // trusts. Both must outlive the server. `workers`: so many connections are served at once.
  ApiServer(Cluster& cluster, const Authority& authority, const Authority& other, int workers);

  // Binds to 127.0.0.1; 0 takes any free port. Returns the port, or a negative number.
  int Bind(int port);
  // Serves until Stop. Call from a thread of its own.
  void Run() { server_->listen_after_bind(); }
  void Stop() { server_->stop(); }

 private:
  struct Answer {
    int status = 200;
    std::string content_type = {};
    std::string body = {};
    bool cacheable = false;
  };

  bool SetUpTls(SSL_CTX& context);
  static int ChooseCertificate(SSL* ssl, void* self);
  void Handle(const httplib::Request& request, httplib::Response& response);
  // Who asks; fills in `seen`. Null for nobody; `valid` false for a credential that is wrong.
  const User* Authenticate(const httplib::Request& request, SeenRequest& seen, bool& valid) const;
  static Answer Forbid(const std::string& what);
  Answer Normal(const httplib::Request& request, SeenRequest& seen) const;
  void Send(const Fault& fault, Answer answer, const httplib::Request& request, httplib::Response& response);

  Cluster& cluster_;
  const Authority& authority_;
  Identity good_, other_ca_, expired_, not_yet_valid_, wrong_name_, cn_only_;
  std::atomic<int> connections_{0};
  std::unique_ptr<httplib::SSLServer> server_;
};

}  // namespace devcluster
