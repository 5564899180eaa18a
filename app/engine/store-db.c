/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-db.h"

#include "app/engine/store-schema.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#define BUSY_TIMEOUT_MS      10000
#define STEPS_BETWEEN_CHECKS 200 /* of SQLite's machine; some 10 µs */

G_DEFINE_QUARK (op-store-error-quark, op_store_error)

static gboolean
is_disk_full (OpDb *db, gint code)
{
  return code == SQLITE_FULL || (code == SQLITE_IOERR && sqlite3_system_errno (db->handle) == ENOSPC);
}

/* Turns the connection's last result into an error for people. */
static void
set_error (OpDb *db, GError **error)
{
  gint code = sqlite3_errcode (db->handle) & 0xFF;
  if (code == SQLITE_INTERRUPT)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Cancelled"));
  else if (is_disk_full (db, code))
    g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_FULL,
                 _("There is no room left on the disk for %s. Nothing was changed."), db->path);
  else if (code == SQLITE_CORRUPT)
    {
      db->damaged = TRUE;
      g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_DAMAGED, _("The store %s is damaged: %s"), db->path,
                   sqlite3_errmsg (db->handle));
    }
  else if (code == SQLITE_NOTADB)
    g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_OPEN, _("%s is no store of Outpost"), db->path);
  else if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_OPEN, _("Another program keeps the store %s locked"),
                 db->path);
  else if (code == SQLITE_CANTOPEN)
    g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_OPEN, _("The store %s cannot be opened: %s"), db->path,
                 g_strerror (sqlite3_system_errno (db->handle)));
  else
    g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_FAILED, _("The store %s failed: %s"), db->path,
                 sqlite3_errmsg (db->handle));
}

static int
check_cancelled (void *data)
{
  OpDb *db = data;
  return g_cancellable_is_cancelled (db->cancellable);
}

static gboolean
create_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;
  g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_OPEN, _("The folder %s cannot be created: %s"), folder,
               g_strerror (errno));
  return FALSE;
}

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

OpDb *
op_db_open (const char *path, GError **error)
{
  if (!create_folder (path, error))
    return NULL;
  g_autoptr (OpDb) db = g_new0 (OpDb, 1);
  db->path = g_strdup (path);
  db->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize_statement);
  db->tables = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) op_table_unref);
  db->sweep = TRUE;
  gint flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2 (path, &db->handle, flags, NULL) != SQLITE_OK)
    {
      set_error (db, error);
      return NULL;
    }
  sqlite3_progress_handler (db->handle, STEPS_BETWEEN_CHECKS, check_cancelled, db);
  sqlite3_busy_timeout (db->handle, BUSY_TIMEOUT_MS);
  if (!op_db_migrate (db, OP_DB_NEWEST_VERSION, error))
    return NULL;
  return g_steal_pointer (&db);
}

void
op_db_close (OpDb *db)
{
  g_hash_table_unref (db->statements);
  g_hash_table_unref (db->tables);
  sqlite3_close (db->handle);
  g_free (db->path);
  g_free (db);
}

void
op_statement_release (OpStatement *statement)
{
  sqlite3_stmt *stmt = statement->stmt;
  const char *sql = sqlite3_sql (stmt);
  sqlite3_reset (stmt);
  sqlite3_clear_bindings (stmt);
  if (g_hash_table_contains (statement->db->statements, sql))
    sqlite3_finalize (stmt);
  else
    g_hash_table_insert (statement->db->statements, g_strdup (sql), stmt);
  g_free (statement);
}

static void
bind_parameters (sqlite3_stmt *stmt, const char *types, va_list arguments)
{
  for (gint i = 0; types[i] != '\0'; i++)
    switch (types[i])
      {
      case 'i':
        sqlite3_bind_int64 (stmt, i + 1, va_arg (arguments, gint64));
        break;
      case 's':
        sqlite3_bind_text (stmt, i + 1, va_arg (arguments, const char *), -1, SQLITE_TRANSIENT);
        break;
      case 'b':
        {
          const void *bytes = va_arg (arguments, const void *);
          sqlite3_bind_blob64 (stmt, i + 1, bytes, va_arg (arguments, gsize), SQLITE_STATIC);
          break;
        }
      default:
        g_assert_not_reached ();
      }
}

static OpStatement *
query_valist (OpDb *db, GError **error, const char *sql, const char *types, va_list arguments)
{
  gpointer key = NULL, found = NULL;
  sqlite3_stmt *stmt = NULL;
  if (g_hash_table_steal_extended (db->statements, sql, &key, &found))
    {
      g_free (key);
      stmt = found;
    }
  else if (sqlite3_prepare_v3 (db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) != SQLITE_OK)
    {
      set_error (db, error);
      return NULL;
    }
  bind_parameters (stmt, types, arguments);
  OpStatement *statement = g_new (OpStatement, 1);
  statement->db = db;
  statement->stmt = stmt;
  return statement;
}

OpStatement *
op_db_query (OpDb *db, GError **error, const char *sql, const char *types, ...)
{
  va_list arguments;
  va_start (arguments, types);
  OpStatement *statement = query_valist (db, error, sql, types, arguments);
  va_end (arguments);
  return statement;
}

gint
op_statement_step (OpStatement *statement, GError **error)
{
  gint code = sqlite3_step (statement->stmt);
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    set_error (statement->db, error);
  return code;
}

gboolean
op_db_run (OpDb *db, GError **error, const char *sql, const char *types, ...)
{
  va_list arguments;
  va_start (arguments, types);
  g_autoptr (OpStatement) statement = query_valist (db, error, sql, types, arguments);
  va_end (arguments);
  return statement != NULL && op_statement_step (statement, error) == SQLITE_DONE;
}

gboolean
op_db_get_int (OpDb *db, gint64 fallback, gint64 *value, GError **error, const char *sql, const char *types, ...)
{
  va_list arguments;
  va_start (arguments, types);
  g_autoptr (OpStatement) statement = query_valist (db, error, sql, types, arguments);
  va_end (arguments);
  if (statement == NULL)
    return FALSE;
  gint code = op_statement_step (statement, error);
  *value = fallback;
  if (code == SQLITE_ROW && sqlite3_column_type (statement->stmt, 0) != SQLITE_NULL)
    *value = sqlite3_column_int64 (statement->stmt, 0);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

gboolean
op_db_exec (OpDb *db, const char *sql, GError **error)
{
  if (sqlite3_exec (db->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  set_error (db, error);
  return FALSE;
}

static void
roll_back (OpDb *db)
{
  /* Some errors, a full disk among them, have ended the transaction already. */
  if (!sqlite3_get_autocommit (db->handle))
    sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
}

static gboolean
transact (OpDb *db, const char *begin, OpDbFunc func, gpointer data, GError **error)
{
  if (!op_db_exec (db, begin, error))
    return FALSE;
  if (func (db, data, error) && op_db_exec (db, "COMMIT", error))
    return TRUE;
  roll_back (db);
  /* Definitions of incarnations that now never were. */
  g_hash_table_remove_all (db->tables);
  return FALSE;
}

gboolean
op_db_write (OpDb *db, OpDbFunc func, gpointer data, GError **error)
{
  if (db->damaged)
    {
      g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_DAMAGED,
                   _("The store %s is damaged and is only read"), db->path);
      return FALSE;
    }
  return transact (db, "BEGIN IMMEDIATE", func, data, error);
}

gboolean
op_db_read (OpDb *db, OpDbFunc func, gpointer data, GCancellable *cancellable, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  db->cancellable = cancellable;
  gboolean done = transact (db, "BEGIN", func, data, error);
  db->cancellable = NULL;
  return done;
}
