#include "glpk_guard.h"

#include <glpk.h>
#include <stddef.h>

int glpk_guard_is_thread_local(void) { return glp_config("TLS") != NULL; }
