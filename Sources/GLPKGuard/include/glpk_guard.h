#ifndef GLPK_GUARD_H
#define GLPK_GUARD_H

/* One linear program kept inside GLPK between solves.
 *
 * Everything GLPK can abort on is caught here: each call installs an error hook, jumps back out of
 * GLPK when it fires, and the program is loaded again by the next solve. A program belongs to the
 * thread that solved it last; a solve on another thread loads it again there, and the memory left
 * behind is freed by its own thread. */

typedef struct glpk_guard_program glpk_guard_program;

enum {
  GLPK_GUARD_OK = 0,
  GLPK_GUARD_ABORTED = -1,      /* GLPK raised an internal error; text in glpk_guard_message */
  GLPK_GUARD_SINGULAR = -2,     /* the starting basis has no factorisation */
  GLPK_GUARD_NO_THREADS = -3,   /* this GLPK shares its environment between threads */
  GLPK_GUARD_NO_MEMORY = -4
};

enum {
  GLPK_GUARD_DUAL_LONG_STEP = 0,
  GLPK_GUARD_DUAL_HARRIS = 1,
  GLPK_GUARD_PRIMAL = 2,
  GLPK_GUARD_PRESOLVE_PRIMAL = 3,
  GLPK_GUARD_EXACT = 4,
  GLPK_GUARD_INTEGER = 5        /* branch and cut; no duals and no basis come back */
};

/* Matrix by 1-based triplets, as GLPK counts; no duplicates. */
typedef struct {
  int rows, columns, entries;
  const int *entry_row, *entry_column;
  const double *entry_value;
  unsigned long matrix_version; /* a change loads the matrix again */
} glpk_guard_matrix;

/* Bounds and costs, 0-based; infinite bounds are IEEE infinities. */
typedef struct {
  const double *row_lower, *row_upper, *column_lower, *column_upper, *cost;
  const unsigned char *is_integer; /* one per column */
} glpk_guard_data;

typedef struct {
  int method;
  int iteration_limit;
  int time_limit_ms;
  double tolerance;
  int node_limit;     /* most nodes of a search over whole numbers, 0 for any number */
  int use_basis;      /* start from the statuses in the result arrays */
  int injected_fault; /* for tests: 1 raises an internal error, 2 spoils the basis */
} glpk_guard_options;

/* Statuses are GLPK's: 1 basic, 2 lower, 3 upper, 4 free, 5 fixed. */
typedef struct {
  unsigned char *row_status, *column_status; /* in (use_basis) and out */
  double *column_value, *column_dual, *row_value, *row_dual;
  double objective;
  int status, iterations;
} glpk_guard_result;

/* Non-zero when GLPK keeps its environment per thread, so that each thread may solve its own. */
int glpk_guard_is_thread_local(void);

/* A program with nothing loaded yet, or NULL without memory. */
glpk_guard_program *glpk_guard_create(void);

/* Frees a program from any thread. */
void glpk_guard_release(glpk_guard_program *program);

/* Loads what changed, solves and copies the answer. Returns a code above, or GLPK's own (> 0). */
int glpk_guard_solve(
    glpk_guard_program *program, const glpk_guard_matrix *matrix, const glpk_guard_data *data,
    const glpk_guard_options *options, glpk_guard_result *result);

/* Writes the program loaded last, with its names, as CPLEX LP (format 0) or free MPS (format 1). */
int glpk_guard_write(
    const glpk_guard_matrix *matrix, const glpk_guard_data *data, const char *const *row_names,
    const char *const *column_names, const char *title, int format, const char *path);

/* How often this program was loaded from nothing. */
unsigned long glpk_guard_loads(const glpk_guard_program *program);

/* The message of the last internal error on this thread. */
const char *glpk_guard_message(void);

#endif
