// The sentences of the panels that build, train and look inside. Help of layers and their fields
// comes from the catalogue; what the engine says comes from the engine.
#pragma once
#include <string_view>

namespace ui::words {

// ---- Ready networks -----------------------------------------------------------------------------
struct ReadyNetwork {
  const char* name;  // in the zoo
  const char* title;
  const char* sentence;
};
inline constexpr ReadyNetwork kReadyNetworks[] = {
    {"fcnet", "FCNet",
     "One fully connected layer: each class weighs every pixel. The simplest start."},
    {"mlp", "MLP",
     "A hidden layer of 1,000 units with a sigmoid in between. Many weights, no idea of "
     "neighbourhood."},
    {"simple_cnn", "SimpleCNN",
     "One convolution of ten 3 × 3 kernels, then one fully connected layer."},
    {"lab_cnn", "LabCNN",
     "Four convolutions, pooling and dropout. Good and slow: most of its weights lie in one "
     "layer."},
    {"my_net", "MyNet", "Three residual blocks with batch normalisation, averaged at the end."},
};
// The title of a ready network; any other name as it is.
constexpr std::string_view title_of(std::string_view name) {
  for (const ReadyNetwork& ready : kReadyNetworks) {
    if (name == ready.name) return ready.title;
  }
  return name;
}

// ---- Draw ---------------------------------------------------------------------------------------
inline constexpr const char* kNoWeightsTitle = "No weights yet";
inline constexpr const char* kNoWeights = "Train a network, or open a file with weights.";
inline constexpr const char* kStepsExact =
    "This is an image of the data set: it goes to the network as it is. Drawings and photographs "
    "are made like it, in steps that show here.";
inline constexpr const char* kStepsBlank =
    "Nothing is drawn yet. Draw a garment: how it is cropped and scaled for the network shows "
    "here.";

// ---- Weights ------------------------------------------------------------------------------------
inline constexpr const char* kShippedTitle = "MyNet: drawings and photographs";
inline constexpr const char* kPlainTitle = "Plain CNN: FashionMNIST only";
// The second network of the page, loaded when it is asked for.
inline constexpr const char* kPlainFile = "garment_cnn.safetensors";
inline constexpr const char* kNoPlain =
    "The plain network could not be loaded. Check the connection, then choose it once more.";
inline constexpr const char* kLearnerWaits =
    "The training is paused. Its network reads your drawing when you resume it.";

// ---- Build --------------------------------------------------------------------------------------
// Files that the weights in use can be exported to, in the order of protocol::ExportFormat.
struct ExportWords {
  const char* name;   // of window.atelier.do
  const char* label;  // in the menu
};
inline constexpr ExportWords kExports[] = {
    {"safetensors", "safetensors"},
    {"half", "safetensors, half the size"},
    {"torch", "PyTorch: model.pt"},
    {"onnx", "ONNX: model.onnx"},
    {"npz", "NumPy: model.npz"},
    {"bundle", "The lab's hand-in: bundle.zip"},
    {"pytorch", "Code: pytorch_cnn.py"},
    {"numpy", "Code: numpy_cnn.py"},
    {"cpp", "Code: network.hpp (C++17)"},
    {"check", "Check of them all: check_export.py"},
    {"ddp", "Its training, for torchrun: train_ddp.py"},
};

inline constexpr const char* kNoLayersTitle = "No layers yet";
inline constexpr const char* kNoLayers =
    "Add the first layer here, or start from one of the ready networks.";
inline constexpr const char* kInput =
    "A grey image: one channel of 28 × 28 pixels, bright on black.";
inline constexpr const char* kOutput = "One number for each class; the largest one is the answer.";
inline constexpr const char* kEdited = "This is not yet the network that reads your drawing.";
inline constexpr const char* kInUse = "This is the network that reads your drawing.";
inline constexpr const char* kHelpAdd =
    "Adds a layer after the open one, or before the last log-softmax.";
inline constexpr const char* kNoSource = "nothing";
inline constexpr const char* kHelpReads =
    "Where its numbers come from: a layer above it, or the input. Two layers that read the same "
    "one make a branch; Add and Concatenate bring branches together.";
inline constexpr const char* kHelpField =
    "Receptive field: how large a square of the input one output value can depend on, in pixels.";
inline constexpr const char* kHelpMultiplyAdds =
    "Products that are added up for one image: what the layer costs.";
inline constexpr const char* kHelpMemory = "What its output takes for one image, 4 bytes a number.";
inline constexpr const char* kHelpMoveUp = "Shift + Up, with the layer focused";
inline constexpr const char* kHelpMoveDown = "Shift + Down, with the layer focused";
inline constexpr const char* kHelpRemove =
    "Delete or Backspace, with the layer focused. Undo brings it back.";
inline constexpr const char* kHelpWeights = "Numbers that training adjusts.";
inline constexpr const char* kHelpWork =
    "Products summed up to classify one image: how slow the network is.";

// ---- Train: controls ----------------------------------------------------------------------------
inline constexpr const char* kHelpStart =
    "Trains the network of the Build page with the settings below, from fresh weights.";
inline constexpr const char* kHelpStartKey =
    "Starts a run with the network and the settings of the editors. Space";
inline constexpr const char* kHelpPause =
    "Keeps everything; Resume goes on with the very same numbers.";
inline constexpr const char* kHelpStop = "Ends here and keeps the best weights so far.";
inline constexpr const char* kNoDataYet = "The training images are still loading.";
inline constexpr const char* kRestored =
    "This run was brought back after a reload. Resume goes on with the very same numbers.";
inline constexpr const char* kKeptCameLate =
    "What was kept for this page was read after you had begun. Undo leads back to it.";
inline constexpr const char* kNextRun = "A run is under way. Changes apply to the next one.";
inline constexpr const char* kEngineFailed =
    "The engine stopped and starts again from the last checkpoint.";
inline constexpr const char* kEngineDied = "The engine stopped. It is being restarted.";
inline constexpr const char* kEngineRestarts =
    "The engine is being restarted. Try again in a moment.";
inline constexpr const char* kEngineGone =
    "The engine stopped again and again and is not restarted any more. Reload the page: your "
    "drawing and your network are kept, and a run goes on from its last checkpoint.";
inline constexpr const char* kReplayCut =
    "The engine stopped during the replay, which ends here. Replay the run again.";
inline constexpr const char* kFatalRun =
    "The engine stopped twice when the kept run was given back to it. The run is given up: start "
    "another.";
inline constexpr const char* kStoppedWithoutEngine =
    "The training was stopped while its engine was being restarted, so its weights are gone. Start "
    "it again.";
inline constexpr const char* kRunUnderWay =
    "A run is under way. Stop it or wait for its end, then start another.";

// ---- Train: settings ----------------------------------------------------------------------------
inline constexpr const char* kStillLoading =
    "More images are on their way. A run uses those that are there when it starts.";
inline constexpr const char* kHelpFraction =
    "Share of the 60,000 images to use. A tenth is enough for a first look; all of them give the "
    "best network.";
inline constexpr const char* kHelpValidation =
    "Share of those that is never trained on. It shows how well the network does on images it has "
    "not seen.";
inline constexpr const char* kHelpPermute =
    "Takes the pixels of all images, of the test images and of your drawing, in one fixed, random "
    "order. Which networks mind?";
inline constexpr const char* kHelpEpochs = "How often every training image is seen.";
inline constexpr const char* kHelpBatch =
    "Images for each step. Small: noisy but many steps. Large: smooth but few.";
inline constexpr const char* kHelpPatience =
    "Stops when validation accuracy has not improved for so many epochs. 0: never.";
inline constexpr const char* kHelpLoss =
    "What is minimised. NLL belongs to a network that ends in log-softmax, cross-entropy to one "
    "that ends without it.";
inline constexpr const char* kHelpSgd = "Plain gradient descent, with momentum if you like.";
inline constexpr const char* kHelpAdam = "Gives each weight a step size of its own. A safe start.";
inline constexpr const char* kHelpAdamw = "Adam with weight decay kept apart from the gradient.";
inline constexpr const char* kHelpRmsprop =
    "Divides each weight's step by the recent size of its gradient.";
inline constexpr const char* kHelpRate =
    "How far a step goes. Too small is slow, too large diverges. Usual: 0.001 for Adam, 0.01 to "
    "0.1 for SGD.";
inline constexpr const char* kHelpMomentum = "Share of the last step that is added to this one.";
inline constexpr const char* kHelpNesterov =
    "Looks ahead along the momentum before taking the gradient.";
inline constexpr const char* kHelpBeta1 = "Memory of the mean gradient.";
inline constexpr const char* kHelpBeta2 = "Memory of the squared gradient.";
inline constexpr const char* kHelpDecay =
    "Pulls every weight towards zero, against learning by heart. 0 switches it off.";
inline constexpr const char* kHelpConstant =
    "The same learning rate from the first step to the last.";
inline constexpr const char* kHelpStep = "The learning rate drops by a factor every few epochs.";
inline constexpr const char* kHelpCosine =
    "The learning rate falls along half a cosine, almost to zero.";
inline constexpr const char* kHelpOneCycle =
    "Warms up over 30 % of the steps, then falls far below where it began.";
inline constexpr const char* kHelpStepEpochs = "Epochs between two drops of the learning rate.";
inline constexpr const char* kHelpStepFactor = "What is left of the learning rate after a drop.";
inline constexpr const char* kHelpWarmup =
    "Epochs in which the learning rate rises from zero, before the schedule begins. Parts of an "
    "epoch count too.";
inline constexpr const char* kHelpMore =
    "Averaged weights, mixed images, softer labels, limited gradients, other start weights.";
inline constexpr const char* kHelpEma =
    "Memory of a running average of the weights. The average is validated, kept and exported in "
    "place of the weights themselves. Usual: 0.99 to 0.999. 0 switches it off.";
inline constexpr const char* kHelpMixup =
    "Blends each image, and its label, with another one of the batch. The larger, the more even "
    "the blend. Usual: 0.2. 0 switches it off.";
inline constexpr const char* kHelpSmoothing =
    "Share of each label that is spread over all classes, against too much certainty. Usual: 10 %.";
inline constexpr const char* kHelpClip =
    "Shortens the gradient of a step to this length when it is longer. 0 switches it off.";
inline constexpr const char* kHelpInit = "How weights are drawn before the first step.";
inline constexpr const char* kHelpInits[] = {
    "Uniform, variance 1 / (3 × inputs), biases too: PyTorch's default.",
    "Normal, variance 2 / inputs (He): for networks with ReLU.",
    "Uniform, variance 2 / inputs (He): for networks with ReLU.",
    "Uniform, variance 2 / (inputs + outputs) (Glorot): for sigmoid and tanh.",
    "Normal, variance 1 / inputs: the line one writes in NumPy."};
inline constexpr const char* kNoDropout =
    "This network has no dropout layer. Add one on the Build page to use it.";
inline constexpr const char* kHelpDropout =
    "Sets the probability of every dropout layer of the network.";
inline constexpr const char* kHelpShift =
    "Pixels by which an image is moved at most, in each direction.";
inline constexpr const char* kHelpRotate = "Degrees by which an image is turned at most.";
inline constexpr const char* kHelpScale = "How much larger or smaller an image may become.";
inline constexpr const char* kHelpFlip = "Probability of mirroring left and right.";
inline constexpr const char* kHelpBrightness =
    "How much brighter or darker. The hidden test images differ in this.";
inline constexpr const char* kHelpContrast =
    "How much the differences between light and dark may grow or shrink.";
inline constexpr const char* kHelpNoise = "Standard deviation of random grain added to each pixel.";
inline constexpr const char* kHelpErase = "Probability of blanking a random rectangle.";
inline constexpr const char* kHelpVersions =
    "How often each image comes once more in an epoch, made over each time: as an outline, a "
    "silhouette, shaded, or photographed on another ground, in another light, turned and moved.";
inline constexpr const char* kHelpDrawings =
    "Sketches of garments that are no image's, drawn anew in each epoch, for each of the ten "
    "classes. The shipped network had 1,200.";
inline constexpr const char* kHelpNothings =
    "Scribbles, letters, shapes and grain in each epoch, on which the network learns not to be "
    "sure. The shipped network had 8,000.";
inline constexpr const char* kNoDrawings =
    "Trained on photographs alone, a network knows few sketches. One version of each image changes "
    "that.";
inline constexpr const char* kNothingsNotMixed =
    "Mixup mixes labels, and pictures of nothing have none: set one of them to 0.";
inline constexpr const char* kHelpSheet =
    "Other random changes and drawings, as training would make them.";
inline constexpr const char* kNoSheet = "A sheet of examples appears here.";
inline constexpr const char* kPlainImages =
    "Nothing is changed: the images are trained on as they are.";
inline constexpr const char* kHelpSeed =
    "Start weights, order and random changes all follow from it: same seed, same result.";
inline constexpr const char* kHelpDice = "Another seed, for another run with the same settings.";

// ---- Train: curves and runs ---------------------------------------------------------------------
inline constexpr const char* kNoCurve = "Press Start training: the curve grows here.";
inline constexpr const char* kCurveComes = "The curve grows here with the first steps.";
inline constexpr const char* kCurveWaits = "Press Resume: the curve grows here.";
inline constexpr const char* kHelpLog =
    "Equal distances mean equal factors: shows small losses better.";
inline constexpr const char* kNoRunsTitle = "No finished runs";
inline constexpr const char* kNoRuns =
    "Each run is kept here with its settings, so that you can compare and come back.";
inline constexpr const char* kHelpCapsule =
    "A file of 2 KB from which anybody can replay this run: drop it on this page, or atelier train "
    "--replay.";
inline constexpr const char* kHelpReplay =
    "Does the run again and says whether every epoch gives the same bits.";
inline constexpr const char* kNoCapsule = "This run was kept without its capsule. Train it anew.";
inline constexpr const char* kVerified = " · replayed";
inline constexpr const char* kHelpUseRun =
    "Puts this run's network and settings back into the editors.";

// ---- Lab ----------------------------------------------------------------------------------------
inline constexpr const char* kLabTask =
    "Part 1 of the lab: a small network, written as with NumPy, learns to tell two handwritten "
    "digits apart. Half of the training images are kept for validation.";
inline constexpr const char* kHelpLabDigits =
    "The network answers 0 for the first, 1 for the second.";
inline constexpr const char* kHelpLabLayers =
    "0: one fully connected layer and a sigmoid, no more.";
inline constexpr const char* kHelpLabUnits = "Outputs of this fully connected layer.";
inline constexpr const char* kHelpLabStart = "Trains from fresh weights, with the settings below.";
inline constexpr const char* kHelpLabRate =
    "How far a step goes. Too small is slow, too large diverges. Try 0.01 to 1.";
inline constexpr const char* kHelpLabProgram =
    "The same run as a plain NumPy program: it gives the same errors.";
inline constexpr const char* kNoLabCurve = "Press Train the digits: the errors appear here.";
inline constexpr const char* kLabCurveComes = "The errors appear here after the first epoch.";
inline constexpr const char* kNoLabPicture =
    "The pictures for your hand-in appear here when the run is over.";

// ---- Look ---------------------------------------------------------------------------------------
inline constexpr const char* kNoFiltersTitle = "Nothing to look at";
inline constexpr const char* kNoFilters =
    "Filters are shown for a network whose first layer with weights is a convolution, or a fully "
    "connected layer on the pixels.";
inline constexpr const char* kConvFilters =
    "Each tile is one kernel of the first convolution. Where it matches the image, its map lights "
    "up.";
inline constexpr const char* kUnitFilters =
    "Each tile is one unit of the first layer: how strongly it weighs every pixel of the image.";
inline constexpr const char* kHelpLegend = "All tiles share one scale. Zero is neutral.";
inline constexpr const char* kHelpSum =
    "Near zero: the kernel answers to edges. Far from it: to brightness.";
inline constexpr const char* kResponse = "What this kernel finds in your drawing";
inline constexpr const char* kUnitResponse = "What this unit weighs in your drawing";
inline constexpr const char* kNoDrawing = "Draw something to see what this filter answers to it.";

// ---- Look: maps ---------------------------------------------------------------------------------
inline constexpr const char* kNoMapsTitle = "Nothing is drawn yet";
inline constexpr const char* kNoMaps =
    "Draw something: what each layer of the network makes of it shows here while you draw.";
inline constexpr const char* kNoReaderTitle = "It reads no drawings";
inline constexpr const char* kHelpSilent =
    "Those that are 0 everywhere. Some are for other drawings; one that is silent for all of them "
    "has died.";
inline constexpr const char* kFirstUnits = "The first 1,024 of them, row by row.";
inline constexpr const char* kFirstNumbers = "And so on.";

// ---- Look: mistakes -----------------------------------------------------------------------------
inline constexpr const char* kShortClasses[] = {"T-shirt", "Trouser", "Pullover", "Dress", "Coat",
                                                "Sandal",  "Shirt",   "Sneaker",  "Bag",   "Boot"};
inline constexpr const char* kNoTestImages =
    "The test images are still on their way. Try again in a moment.";
inline constexpr const char* kNoMistakesTitle = "What does it get wrong?";
inline constexpr const char* kNoMistakes =
    "The weights in use name every test image. You see which classes they take for each other, and "
    "the very images.";
inline constexpr const char* kHelpFindMistakes =
    "Measures the weights in use on the test images that are there. Training goes on meanwhile.";
inline constexpr const char* kFindingMistakes = "The test images are being named …";
inline constexpr const char* kOtherWeights =
    "These figures are of other weights than those in use now.";
inline constexpr const char* kOtherClasses =
    "These weights do not tell the ten classes apart, so their mistakes cannot be shown.";
inline constexpr const char* kHelpMatrix =
    "A row for each class, a column for each answer. Choose a red cell to see its images.";
inline constexpr const char* kMistakenImages =
    "The network was most certain of the first ones. Press one to see it on the paper.";
inline constexpr const char* kSomeMistaken =
    "Those of which the network was most certain; there are more. Press one to see it on the "
    "paper.";
inline constexpr const char* kNoneMistaken = "No test image is mistaken in this way.";

}  // namespace ui::words
