/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/value.h"

G_BEGIN_DECLS

/**
 * OpField: one piece of a table as its definition lists it (a large array may come as several consecutive
 * fields of one name; pakbus-facts D4). Read-only; owned by its OpTable.
 */
typedef struct
{
  char    *name;
  char    *processing; /* "Avg", "Max", "TMx", ...; "" when none */
  char    *units;
  char    *description;
  OpType   type;
  gboolean read_only;
  guint32  begin_index; /* index of the first element, from 1 */
  guint32  dimension;   /* elements of this piece; characters for ASCII */
  guint32 *sub_dims;    /* dimensions of the whole array; for ASCII the last one is the string length */
  guint    n_sub_dims;
  guint    n_elements;   /* columns that this piece makes: strings of an ASCII field count as one each */
  gsize    element_size; /* bytes an element; 0 for ASCIIZ */
  gsize    offset;       /* of the first element within the record's values (meaningless once past an ASCIIZ) */
  guint    first_column; /* index of its first element among the table's columns */
} OpField;

/**
 * OpTable: a table definition (BMP5 manual 2.3.4.2; pakbus-facts D). Immutable, counted references, safe to
 * share between threads.
 */
typedef struct
{
  char    *name;
  guint    number;      /* implied position, from 1 */
  guint32  size;        /* records allocated in the logger */
  OpType   time_type;   /* of the records' time stamps: NSec, USec, Sec or SecNano */
  OpTime   into;        /* ns into the interval */
  OpTime   interval;    /* ns; 0 for event tables, whose records each carry a stamp */
  guint16  signature;
  OpField *fields;
  guint    n_fields;
  guint    n_columns;   /* elements of all fields */
  gsize    stamp_size;  /* bytes of a time stamp */
  gsize    record_size; /* bytes of a record's values without stamp; 0 when an ASCIIZ makes it variable */
  GBytes  *definition;  /* the bytes from table name to field list terminator, as signed */

  /*< private >*/
  gatomicrefcount ref_count;
  struct _OpColumnRef *columns;
} OpTable;

/** Limits that a definition must keep; more is refused as damage (OP_TABLE_ERROR_LIMIT). */
#define OP_TABLE_MAX_TABLES      255
#define OP_TABLE_MAX_FIELDS      4096
#define OP_TABLE_MAX_COLUMNS     65536
#define OP_TABLE_MAX_RECORD_SIZE (1024 * 1024)

OpTable       *op_table_ref   (OpTable *table);
void           op_table_unref (OpTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpTable, op_table_unref)

/** The field that column @column belongs to and, if not NULL, its element's place in that piece (from 0). */
const OpField *op_table_get_column (const OpTable *table, guint column, guint *element);
/** "AirTC", "Soil_T(3)", "Grid(2,1)" as shown to people and written in TOA5 (pakbus-facts D6). Free it. */
char          *op_table_dup_column_name (const OpTable *table, guint column);
/** Column of that name (letter case aside), or -1. */
gint           op_table_find_column (const OpTable *table, const char *name);
/**
 * Bytes of the record that begins at @bytes (with its stamp if @with_stamp), or 0 when @length is too short.
 */
gsize          op_table_record_length (const OpTable *table, gboolean with_stamp, const guint8 *bytes, gsize length);
/** Whether records each carry their own stamp. */
static inline gboolean
op_table_is_event (const OpTable *table)
{
  return table->interval == 0;
}
/** Bytes of a record in a chunk's payload, with its stamp if it carries one; 0 when an ASCIIZ makes it variable. */
static inline gsize
op_table_get_payload_size (const OpTable *table)
{
  return table->record_size == 0 ? 0 : table->record_size + (op_table_is_event (table) ? table->stamp_size : 0);
}
/** Whether it is final storage: not Public or Status, which only show what is now. */
gboolean       op_table_keeps_records (const OpTable *table);

/**
 * Parses one definition (from its table name on); @consumed tells where the next one begins. Every length is
 * checked; errors name table, field and byte offset. The signature is calculated over the bytes (D2).
 */
OpTable       *op_table_parse (const guint8 *bytes, gsize length, guint number, gsize *consumed, GError **error);
/**
 * Parses a whole .TDF file: version byte 1, then definitions to the end (file-formats.md, section 7).
 * Tables of empty name are kept, as they count for the numbers of those behind them (D8).
 * Returns: (element-type OpTable): array that unrefs its tables
 */
GPtrArray     *op_table_parse_file (const guint8 *bytes, gsize length, GError **error);

/**
 * OpTableBuilder: writes definitions, for the emulators, for readers of data files and for tests. A field
 * with @sub_dims of length 0 is a scalar. Finish checks by parsing what it wrote.
 */
typedef struct _OpTableBuilder OpTableBuilder;
OpTableBuilder *op_table_builder_new       (const char *name, guint32 size, OpType time_type, OpTime into, OpTime interval);
void            op_table_builder_add_field (OpTableBuilder *builder, OpType type, gboolean read_only, const char *name,
                                            const char *processing, const char *units, const guint32 *sub_dims,
                                            guint n_sub_dims);
/** Consumes @builder. NULL and @error when what was added makes no valid definition. */
OpTable        *op_table_builder_finish    (OpTableBuilder *builder, guint number, GError **error);
void            op_table_builder_free      (OpTableBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpTableBuilder, op_table_builder_free)

typedef enum
{
  OP_TABLE_ERROR_TRUNCATED,
  OP_TABLE_ERROR_LIMIT,
  OP_TABLE_ERROR_TYPE,
  OP_TABLE_ERROR_VERSION,
  OP_TABLE_ERROR_RECORD,
} OpTableError;
#define OP_TABLE_ERROR (op_table_error_quark ())
GQuark op_table_error_quark (void);

G_END_DECLS
