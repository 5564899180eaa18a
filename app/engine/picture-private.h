/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/picture.h"

G_BEGIN_DECLS

/* The same records make the same picture every time. */
#define OP_PICTURE_SEED 4711

/* What is needed while a picture is made. */
typedef struct
{
  OpPicture *picture;
  GRand     *rand;
  guint64    n_seen;                  /* of the points that a sample is picked from */
  double     covariance;              /* XY: sums of products of differences from the means */
  double     variance_x, variance_y;
  GArray    *hours[OP_PICTURE_HOURS]; /* diurnal: of doubles */
} OpPictureMaker;

/*
 * Where the @seen-th of a stream (from 0) goes in a sample of @size, so that each has the same chance to stay;
 * @size: nowhere.
 */
guint op_picture_pick_place (GRand *rand, guint64 seen, guint size);

void op_xy_begin        (OpPictureMaker *maker);
void op_xy_add          (OpPictureMaker *maker, OpTime time, const double *values);
void op_xy_finish       (OpPictureMaker *maker);
void op_histogram_begin (OpPictureMaker *maker);
void op_histogram_add   (OpPictureMaker *maker, OpTime time, const double *values);
gboolean op_rose_accept (const double *values);
void op_rose_begin      (OpPictureMaker *maker);
void op_rose_add        (OpPictureMaker *maker, OpTime time, const double *values);
void op_diurnal_begin   (OpPictureMaker *maker);
void op_diurnal_add     (OpPictureMaker *maker, OpTime time, const double *values);
void op_diurnal_finish  (OpPictureMaker *maker);

G_END_DECLS
