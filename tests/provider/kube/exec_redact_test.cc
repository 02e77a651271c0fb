#include "provider/kube/exec_fixture.h"
