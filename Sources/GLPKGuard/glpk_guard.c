#include "glpk_guard.h"

#include <glpk.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct glpk_guard_program {
  glp_prob *problem;            /* lives in the environment of `owner` at `epoch` */
  unsigned long owner, epoch;   /* 0 when nothing is loaded */
  unsigned long matrix_version, loads;
};

/* ---- Threads ------------------------------------------------------------------------------- */

static _Thread_local unsigned long thread_number; /* from 1, never used twice */
static _Thread_local unsigned long thread_epoch = 1; /* moves when the environment is thrown away */
static _Thread_local jmp_buf escape;
static _Thread_local char message[2048];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long threads_seen;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t exit_key;

/* Problems whose program was released or moved on another thread, waiting for their own. */
struct orphan { glp_prob *problem; unsigned long owner, epoch; struct orphan *next; };
static struct orphan *orphans;

static void drop_orphans(unsigned long owner) {
  pthread_mutex_lock(&lock);
  struct orphan **link = &orphans;
  while (*link) {
    struct orphan *o = *link;
    if (o->owner == owner) { *link = o->next; free(o); } else link = &o->next;
  }
  pthread_mutex_unlock(&lock);
}

static void thread_exit(void *number) {
  glp_free_env(); /* frees every problem of this thread */
  thread_epoch++;
  drop_orphans((unsigned long)number);
}

static void make_key(void) { pthread_key_create(&exit_key, thread_exit); }

static unsigned long this_thread(void) {
  if (thread_number == 0) {
    pthread_once(&once, make_key);
    pthread_mutex_lock(&lock);
    thread_number = ++threads_seen;
    pthread_mutex_unlock(&lock);
    pthread_setspecific(exit_key, (void *)thread_number);
  }
  return thread_number;
}

int glpk_guard_is_thread_local(void) { return glp_config("TLS") != NULL; }

const char *glpk_guard_message(void) { return message; }

/* ---- The guard ------------------------------------------------------------------------------ */

static int sink(void *info, const char *text) {
  (void)info;
  size_t used = strlen(message);
  strncat(message, text, sizeof message - 1 - used);
  return 1; /* nothing reaches the terminal */
}

static void on_error(void *info) {
  (void)info;
  longjmp(escape, 1);
}

static void enter(void) {
  message[0] = 0;
  glp_term_hook(sink, NULL);
  glp_term_out(GLP_OFF); /* scaling and the advanced basis print even when told not to */
  glp_error_hook(on_error, NULL);
}

static void leave(void) { glp_error_hook(NULL, NULL); }

/* After a jump the environment is in an unknown state: throw it away with all its problems. */
static void abandon(void) {
  glp_free_env();
  thread_epoch++;
}

static void sweep(unsigned long self) {
  if (__atomic_load_n(&orphans, __ATOMIC_RELAXED) == NULL) return;
  for (;;) {
    struct orphan *found = NULL;
    pthread_mutex_lock(&lock);
    for (struct orphan **link = &orphans; *link; link = &(*link)->next)
      if ((*link)->owner == self) { found = *link; *link = found->next; break; }
    pthread_mutex_unlock(&lock);
    if (!found) return;
    if (found->epoch == thread_epoch) glp_delete_prob(found->problem);
    free(found);
  }
}

static int is_mine(const glpk_guard_program *p) {
  return p->owner == this_thread() && p->epoch == thread_epoch && p->problem;
}

static void leave_behind(glpk_guard_program *p) {
  if (!p->problem) return;
  struct orphan *o = malloc(sizeof *o);
  if (o) { /* without memory for the note the problem lives until its thread ends */
    *o = (struct orphan){p->problem, p->owner, p->epoch, NULL};
    pthread_mutex_lock(&lock);
    o->next = orphans;
    __atomic_store_n(&orphans, o, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&lock);
  }
  p->problem = NULL;
}

glpk_guard_program *glpk_guard_create(void) { return calloc(1, sizeof(glpk_guard_program)); }

void glpk_guard_release(glpk_guard_program *p) {
  if (!p) return;
  if (is_mine(p)) {
    enter();
    if (setjmp(escape)) abandon();
    else { glp_delete_prob(p->problem); leave(); }
  } else if (p->problem && p->owner != this_thread()) {
    leave_behind(p);
  } /* else its environment is gone, and the problem with it */
  free(p);
}

unsigned long glpk_guard_loads(const glpk_guard_program *p) { return p->loads; }

/* ---- Loading -------------------------------------------------------------------------------- */

static int bound_type(double lower, double upper) {
  int below = !isinf(lower), above = !isinf(upper);
  if (below && above) return lower == upper ? GLP_FX : GLP_DB; /* GLP_DB refuses equal bounds */
  return below ? GLP_LO : above ? GLP_UP : GLP_FR;
}

static double or_zero(double x) { return isinf(x) ? 0 : x; }

static void load_matrix(glp_prob *lp, const glpk_guard_matrix *m) {
  glp_load_matrix(lp, m->entries, m->entry_row - 1, m->entry_column - 1, m->entry_value - 1);
}

static void load_data(glp_prob *lp, const glpk_guard_matrix *m, const glpk_guard_data *d) {
  for (int i = 0; i < m->rows; i++) {
    double lower = d->row_lower[i], upper = d->row_upper[i];
    glp_set_row_bnds(lp, i + 1, bound_type(lower, upper), or_zero(lower), or_zero(upper));
  }
  for (int j = 0; j < m->columns; j++) {
    double lower = d->column_lower[j], upper = d->column_upper[j];
    glp_set_col_bnds(lp, j + 1, bound_type(lower, upper), or_zero(lower), or_zero(upper));
    glp_set_obj_coef(lp, j + 1, d->cost[j]);
    int kind = d->is_integer[j] ? GLP_IV : GLP_CV;
    if ((glp_get_col_kind(lp, j + 1) == GLP_CV) != (kind == GLP_CV)) glp_set_col_kind(lp, j + 1, kind);
  }
}

static void set_statuses(
    glp_prob *lp, const glpk_guard_matrix *m, const glpk_guard_result *r, int spoil) {
  for (int i = 0; i < m->rows; i++) glp_set_row_stat(lp, i + 1, spoil ? GLP_BS : r->row_status[i]);
  for (int j = 0; j < m->columns; j++)
    glp_set_col_stat(lp, j + 1, spoil ? GLP_BS : r->column_status[j]);
}

static void copy_answer(glp_prob *lp, const glpk_guard_matrix *m, glpk_guard_result *r) {
  r->objective = glp_get_obj_val(lp);
  for (int i = 0; i < m->rows; i++) {
    r->row_status[i] = (unsigned char)glp_get_row_stat(lp, i + 1);
    r->row_value[i] = glp_get_row_prim(lp, i + 1);
    r->row_dual[i] = glp_get_row_dual(lp, i + 1);
  }
  for (int j = 0; j < m->columns; j++) {
    r->column_status[j] = (unsigned char)glp_get_col_stat(lp, j + 1);
    r->column_value[j] = glp_get_col_prim(lp, j + 1);
    r->column_dual[j] = glp_get_col_dual(lp, j + 1);
  }
}

/* ---- Solving -------------------------------------------------------------------------------- */

/* Ends a search that has opened too many nodes, so that its end does not depend on the clock. */
static void end_search(glp_tree *tree, void *info) {
  const glpk_guard_options *o = info;
  int active, all, total;
  glp_ios_tree_size(tree, &active, &all, &total);
  if (total > o->node_limit) glp_ios_terminate(tree);
}

static int solve_integer(
    glp_prob *lp, const glpk_guard_matrix *m, const glpk_guard_options *o, glpk_guard_result *r) {
  glp_iocp q;
  glp_init_iocp(&q);
  q.msg_lev = GLP_MSG_OFF;
  q.tm_lim = o->time_limit_ms;
  q.tol_obj = o->tolerance;
  q.mir_cuts = GLP_ON;
  q.presolve = GLP_ON;
  if (o->node_limit > 0) {
    q.cb_func = end_search;
    q.cb_info = (void *)o;
  }
  int code = glp_intopt(lp, &q);
  r->status = glp_mip_status(lp);
  if (code != 0) return code;
  r->objective = glp_mip_obj_val(lp);
  for (int i = 0; i < m->rows; i++) r->row_value[i] = glp_mip_row_val(lp, i + 1);
  for (int j = 0; j < m->columns; j++) r->column_value[j] = glp_mip_col_val(lp, j + 1);
  return code;
}

static int solve_loaded(
    glp_prob *lp, const glpk_guard_matrix *m, const glpk_guard_data *d,
    const glpk_guard_options *o, glpk_guard_result *r) {
  load_data(lp, m, d);
  if (o->injected_fault == 1) glp_set_obj_coef(lp, -1, 0); /* a wrong index is an internal error */
  if (o->use_basis) {
    set_statuses(lp, m, r, o->injected_fault == 2);
    /* Factorising here makes the path depend on the statuses alone, not on earlier solves. */
    if (glp_factorize(lp) != 0) return GLPK_GUARD_SINGULAR;
  } else {
    glp_std_basis(lp);
  }
  if (o->method == GLPK_GUARD_INTEGER) return solve_integer(lp, m, o, r);
  int before = glp_get_it_cnt(lp), code;
  glp_smcp q;
  glp_init_smcp(&q);
  q.msg_lev = GLP_MSG_OFF;
  q.it_lim = o->iteration_limit;
  q.tm_lim = o->time_limit_ms;
  q.tol_bnd = q.tol_dj = o->tolerance;
  q.meth = GLP_DUALP;
  q.r_test = GLP_RT_FLIP;
  switch (o->method) {
    case GLPK_GUARD_DUAL_HARRIS: q.r_test = GLP_RT_HAR; break;
    case GLPK_GUARD_PRIMAL: q.meth = GLP_PRIMAL; q.r_test = GLP_RT_HAR; break;
    case GLPK_GUARD_PRESOLVE_PRIMAL:
      q.meth = GLP_PRIMAL;
      q.r_test = GLP_RT_HAR;
      q.presolve = GLP_ON;
      break;
    default: break;
  }
  code = o->method == GLPK_GUARD_EXACT ? glp_exact(lp, &q) : glp_simplex(lp, &q);
  r->iterations = glp_get_it_cnt(lp) - before;
  r->status = glp_get_status(lp);
  if (code == 0) copy_answer(lp, m, r);
  return code;
}

int glpk_guard_solve(
    glpk_guard_program *p, const glpk_guard_matrix *m, const glpk_guard_data *d,
    const glpk_guard_options *o, glpk_guard_result *r) {
  unsigned long self = this_thread();
  r->status = GLP_UNDEF;
  r->iterations = 0;
  r->objective = 0;
  enter();
  if (setjmp(escape)) {
    abandon();
    p->problem = NULL;
    return GLPK_GUARD_ABORTED;
  }
  if (!glpk_guard_is_thread_local() && self != 1) {
    leave();
    return GLPK_GUARD_NO_THREADS;
  }
  sweep(self);
  if (!is_mine(p)) {
    if (p->problem && p->owner != self) leave_behind(p);
    p->problem = glp_create_prob();
    p->owner = self;
    p->epoch = thread_epoch;
    p->loads++;
    glp_set_obj_dir(p->problem, GLP_MIN);
    p->matrix_version = 0;
  }
  if (p->matrix_version != m->matrix_version) {
    if (glp_get_num_rows(p->problem) != m->rows || glp_get_num_cols(p->problem) != m->columns) {
      glp_erase_prob(p->problem);
      glp_set_obj_dir(p->problem, GLP_MIN);
      if (m->rows > 0) glp_add_rows(p->problem, m->rows);
      if (m->columns > 0) glp_add_cols(p->problem, m->columns);
    }
    load_matrix(p->problem, m);
    p->matrix_version = m->matrix_version;
  }
  int code = solve_loaded(p->problem, m, d, o, r);
  leave();
  return code;
}

int glpk_guard_write(
    const glpk_guard_matrix *m, const glpk_guard_data *d, const char *const *row_names,
    const char *const *column_names, const char *title, int format, const char *path) {
  this_thread();
  enter();
  if (setjmp(escape)) {
    abandon();
    return GLPK_GUARD_ABORTED;
  }
  glp_prob *lp = glp_create_prob();
  glp_set_prob_name(lp, title);
  glp_set_obj_dir(lp, GLP_MIN);
  if (m->rows > 0) glp_add_rows(lp, m->rows);
  if (m->columns > 0) glp_add_cols(lp, m->columns);
  for (int i = 0; i < m->rows; i++) glp_set_row_name(lp, i + 1, row_names[i]);
  for (int j = 0; j < m->columns; j++) glp_set_col_name(lp, j + 1, column_names[j]);
  load_matrix(lp, m);
  load_data(lp, m, d);
  int code = format == 0 ? glp_write_lp(lp, NULL, path) : glp_write_mps(lp, GLP_MPS_FILE, NULL, path);
  glp_delete_prob(lp);
  leave();
  return code;
}
