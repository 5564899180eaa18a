/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/** OpDb: one connection to a store's file with its prepared statements; used from one thread. */
typedef struct
{
  sqlite3    *handle;
  char       *path;
  GHashTable *statements; /* SQL text → idle sqlite3_stmt */
  GHashTable *tables;     /* incarnation → OpTable, parsed before */
  gboolean    damaged;    /* damage was met: no more writing */
  GCancellable *cancellable; /* of the reading that runs */
  gboolean    sweep;      /* removed stations may be left to clear away */
} OpDb;

/** Opens the file, creates or migrates its tables. Errors: OP_STORE_ERROR. */
OpDb    *op_db_open  (const char *path, GError **error);
void     op_db_close (OpDb *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpDb, op_db_close)

/** A prepared statement on loan. */
typedef struct
{
  OpDb         *db;
  sqlite3_stmt *stmt;
} OpStatement;
void     op_statement_release (OpStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpStatement, op_statement_release)

/**
 * Prepares @sql and binds what follows @types, a letter a parameter: i gint64, s text or NULL,
 * b bytes (const void *, gsize; not copied).
 */
OpStatement *op_db_query (OpDb *db, GError **error, const char *sql, const char *types, ...);
/** Steps: SQLITE_ROW, SQLITE_DONE, or another code with @error set. */
gint         op_statement_step (OpStatement *statement, GError **error);
/** op_db_query() and a step that gives no row. */
gboolean     op_db_run   (OpDb *db, GError **error, const char *sql, const char *types, ...);
/** The first column of the first row; @fallback when there is no row or it is NULL. */
gboolean     op_db_get_int (OpDb *db, gint64 fallback, gint64 *value, GError **error, const char *sql,
                            const char *types, ...);
/** Runs several statements. */
gboolean     op_db_exec  (OpDb *db, const char *sql, GError **error);

typedef gboolean (*OpDbFunc) (OpDb *db, gpointer data, GError **error);
/** Runs @func in a transaction that is undone when it or the commit fails. */
gboolean     op_db_write (OpDb *db, OpDbFunc func, gpointer data, GError **error);
/** Runs @func on one unchanging view of the file; ends with G_IO_ERROR_CANCELLED soon after @cancellable fires. */
gboolean     op_db_read  (OpDb *db, OpDbFunc func, gpointer data, GCancellable *cancellable, GError **error);

G_END_DECLS
