#ifndef GLPK_GUARD_H
#define GLPK_GUARD_H

/* Non-zero when GLPK keeps its environment per thread, so that each thread may solve its own problems. */
int glpk_guard_is_thread_local(void);

#endif
