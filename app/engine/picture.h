/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/statistics.h"

G_BEGIN_DECLS

/** Pictures that are not drawn over time. Adding one: a kind, a row in the table of picture.c, one in app/plot. */
typedef enum
{
  OP_PICTURE_XY,        /* one field against another, and the line of least squares */
  OP_PICTURE_HISTOGRAM, /* how often which values come */
  OP_PICTURE_ROSE,      /* from where, and how strongly, the wind blows */
  OP_PICTURE_DIURNAL,   /* the course of a day: median and quartiles an hour */
  OP_N_PICTURES,
} OpPictureKind;

/** "xy", "histogram", "rose", "diurnal": for programs; and the reverse. */
const char *op_picture_get_nick     (OpPictureKind kind);
gboolean    op_picture_find_kind    (const char *nick, OpPictureKind *kind);
/** "Wind Rose": for people, translated. */
const char *op_picture_get_title    (OpPictureKind kind);
/** Fields that it needs, 1 or 2; what the field @place is for: "Direction", translated. */
guint       op_picture_get_n_fields (OpPictureKind kind);
const char *op_picture_get_role     (OpPictureKind kind, guint place);

/* Points that are kept for drawing and for quartiles, an hour; of more, a sample that is picked evenly. */
#define OP_PICTURE_MAX_POINTS 20000
#define OP_PICTURE_MAX_BINS   60
#define OP_PICTURE_SECTORS    16
#define OP_PICTURE_CLASSES    5
#define OP_PICTURE_HOURS      24

typedef struct
{
  GArray *points;             /* of OpXyPoint */
  double  slope, intercept;   /* NAN when there is no line */
  double  r2;                 /* coefficient of determination */
} OpXy;
typedef struct
{
  double x, y;
} OpXyPoint;

typedef struct
{
  guint   n_bins;
  double  low, width;         /* bin i holds low + i * width up to, without, the next; the last its end too */
  guint64 counts[OP_PICTURE_MAX_BINS];
} OpHistogram;

/** Directions in degrees, 0 to 360, are where the wind comes from; sector 0 is centred on 0. */
typedef struct
{
  double  bounds[OP_PICTURE_CLASSES - 1]; /* between the classes of speed */
  guint64 counts[OP_PICTURE_SECTORS][OP_PICTURE_CLASSES];
  guint64 n_calm;             /* speed 0: no direction counts */
} OpRose;

/** All NAN in an hour without values. */
typedef struct
{
  double  low, quarter, median, three_quarters, high; /* minimum, quartiles, maximum */
  double  mean;
  guint64 n;
} OpDiurnalHour;

/** A picture's numbers. Immutable once made; counted references. */
typedef struct
{
  OpPictureKind kind;
  guint64       n;            /* records that count */
  guint64       n_left_out;   /* records without a number, or a possible one, in one of the fields */
  OpStatistics  statistics[2]; /* of each field, over the records that count; without coverage and order */
  union
  {
    OpXy          xy;
    OpHistogram   histogram;
    OpRose        rose;
    OpDiurnalHour hours[OP_PICTURE_HOURS];
  };

  /*< private >*/
  gatomicrefcount ref_count;
} OpPicture;
OpPicture *op_picture_ref   (OpPicture *picture);
void       op_picture_unref (OpPicture *picture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpPicture, op_picture_unref)

/**
 * Makes one of @columns (op_picture_get_n_fields() of them) between @from and @to, both included, in a thread.
 */
void       op_picture_make_async  (OpRecords *records, OpPictureKind kind, const guint *columns, OpTime from,
                                   OpTime to, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
OpPicture *op_picture_make_finish (GAsyncResult *result, GError **error);

/** What it shows in words, for those who do not see it. @names: of its fields. Free it. */
char      *op_picture_dup_words   (const OpPicture *picture, const char *const *names);

G_END_DECLS
