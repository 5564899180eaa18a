/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/formats/data-file.h"

G_BEGIN_DECLS

/** OpDataWriter: a format in which data files can be written. */
typedef struct
{
  const char *name;  /* "toa5": as commands call it */
  const char *title; /* "TOA5": as people call it, and what its files' names begin with */
  void (*append_header)  (GString *out, const OpDataOrigin *origin, const OpTable *table);
  /** Rows @first to @first + @count of @batch, which holds all columns of its table. */
  void (*append_records) (GString *out, const OpBatch *batch, gsize first, gsize count);
} OpDataWriter;

/** The format of that name, or NULL. */
const OpDataWriter *op_data_writer_find      (const char *name);
/** All names: "toa5, toaci1". Free it. */
char               *op_data_writer_dup_names (void);

G_END_DECLS
